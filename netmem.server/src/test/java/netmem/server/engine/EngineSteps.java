package netmem.server.engine;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import netmem.api.WordFunction;
import netmem.api.wire.Request;
import netmem.api.wire.Step;
import netmem.server.engine.EngineModelPages.Client;
import netmem.server.engine.EngineModelPages.Page;

/**
 * Random transactions. One that may wait looks only at pages for which it stands in line: when several requests are served by one command and have no page's
 * line in common, their order is the engine's own. Confined to the test's thread.
 */
final class EngineSteps {
    private static final WordFunction[] FUNCTIONS = WordFunction.values();

    private final Random random;
    private final EngineModel model;
    private final EngineRequests requests;

    EngineSteps(Random random, EngineModel model, EngineRequests requests) {
        this.random = random;
        this.model = model;
        this.requests = requests;
    }

    Request transact(Client client) {
        int waitMillis = requests.waitMillis();
        List<Step> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            changes.add(change(page()));
        }
        List<Step> steps = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Page page = page();
            boolean changed = changes.stream().anyMatch(step -> step.page() == page.index);
            Step step = look(page, client);
            boolean showsToken = step instanceof Step.CompareToken || step instanceof Step.Release;
            if (waitMillis == 0 || (changed && !showsToken)) {
                steps.add(step);
            }
        }
        steps.addAll(random.nextInt(steps.size() + 1), changes);
        return new Request.Transact(waitMillis, random.nextBoolean(), steps);
    }

    private Page page() {
        return model.pages.page(random.nextInt(EngineRequests.PAGES_USED));
    }

    private Step change(Page page) {
        return switch (random.nextInt(3)) {
            case 0 -> new Step.Write(page.index, 0, requests.value());
            case 1 ->
                new Step.Write(
                        page.index, EngineModelPages.WORD_OFFSET, EngineModelTransactions.word(random.nextInt(9) - 4));
            default ->
                new Step.Atomic(
                        page.index,
                        EngineModelPages.WORD_OFFSET,
                        FUNCTIONS[random.nextInt(FUNCTIONS.length - 1)],
                        random.nextInt(5) - 2);
        };
    }

    private Step look(Page page, Client client) {
        return switch (random.nextInt(6)) {
            case 0 -> new Step.CompareVersion(page.index, requests.version(page));
            case 1 -> new Step.CompareBytes(page.index, 0, page.bytes().slice(0, 4));
            case 2 -> new Step.CompareToken(page.index, requests.token(page, client));
            case 3 -> new Step.Release(page.index, requests.token(page, client));
            case 4 -> new Step.CompareBytes(page.index, 60, ByteBuffer.wrap(new byte[] {0, (byte) random.nextInt(2)}));
            default -> new Step.Read(page.index, random.nextInt(4), 1 + random.nextInt(20));
        };
    }
}
