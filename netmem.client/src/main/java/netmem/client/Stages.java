package netmem.client;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import netmem.api.NetMemException;
import netmem.api.Status;

/**
 * Turns blocking calls into stages: each runs on a virtual thread of its own, so that there is one implementation and user
 * code runs where it may block. Shared; the room bounds all stages of a client.
 */
final class Stages {
    private final String client;
    private final Semaphore room;

    Stages(String client, Semaphore room) {
        this.client = client;
        this.room = room;
    }

    <R> CompletionStage<R> start(Supplier<R> call) {
        return start(call, _ -> {});
    }

    /** Runs a call beside the caller; a result that came after the stage was cancelled is given back. */
    <R> CompletionStage<R> start(Supplier<R> call, Consumer<R> giveBack) {
        if (!room.tryAcquire()) {
            return CompletableFuture.failedStage(new NetMemException.Refused(
                    Status.BUSY, client + ": too many stages are under way (asyncCallsMax)"));
        }
        CompletableFuture<R> stage = new CompletableFuture<>();
        Thread runner = Thread.ofVirtual().name("netmem-async").unstarted(() -> run(call, giveBack, stage));
        stage.whenComplete((_, failure) -> {
            if (failure instanceof CancellationException) {
                runner.interrupt();
            }
        });
        try {
            runner.start();
        } catch (Throwable e) { // no memory for a thread
            room.release();
            throw e;
        }
        return stage;
    }

    /** What depends on the stage runs here too, after the room is given back. */
    @SuppressWarnings("Interruption")
    private <R> void run(Supplier<R> call, Consumer<R> giveBack, CompletableFuture<R> stage) {
        R result;
        try {
            result = call.get();
        } catch (Throwable e) { // as every stage: an error in the caller's function is the stage's failure
            room.release();
            stage.completeExceptionally(e);
            return;
        }
        room.release();
        if (!stage.complete(result)) {
            giveBack.accept(result);
        }
    }
}
