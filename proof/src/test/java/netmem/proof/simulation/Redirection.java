package netmem.proof.simulation;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets the compiled client run in a simulated world: its calls of the few JDK methods that know time, threads, chance and
 * sockets go to {@link Redirected}, and its locks are {@link SimulatedLock}s. Nothing else of the code changes. Pure.
 */
final class Redirection {
    private static final ClassDesc TARGET = ClassDesc.of("netmem.proof.simulation.Redirected");
    private static final ClassDesc LOCK = ClassDesc.of("java.util.concurrent.locks.ReentrantLock");
    private static final ClassDesc SIMULATED_LOCK = ClassDesc.of("netmem.proof.simulation.SimulatedLock");

    /** Owner, name and argument count of a method, and the name of what takes its place. */
    private static final Map<String, String> NAMES = new HashMap<>(Map.ofEntries(
            Map.entry("java.lang.System.nanoTime", "nanoTime"),
            Map.entry("java.util.concurrent.locks.LockSupport.park", "park"),
            Map.entry("java.util.concurrent.locks.LockSupport.parkNanos", "parkNanos"),
            Map.entry("java.util.concurrent.locks.LockSupport.unpark", "unpark"),
            Map.entry("java.lang.Thread.currentThread", "currentThread"),
            Map.entry("java.lang.Thread.isVirtual", "isVirtual"),
            Map.entry("java.lang.Thread.onSpinWait", "onSpinWait"),
            Map.entry("java.lang.Thread.yield", "onSpinWait"),
            Map.entry("java.lang.Thread.start", "start"),
            Map.entry("java.lang.Thread$Builder$OfVirtual.start", "start"),
            Map.entry("java.lang.Thread$Builder$OfVirtual.unstarted", "unstarted"),
            Map.entry("java.lang.Thread$Builder$OfPlatform.unstarted", "unstarted"),
            Map.entry("java.util.concurrent.ThreadLocalRandom.nextLong", "nextLong"),
            Map.entry("java.nio.channels.SocketChannel.open", "openSocket"),
            Map.entry("java.nio.channels.Selector.open", "openSelector"),
            Map.entry("java.nio.ByteBuffer.allocateDirect", "allocateDirect")));

    private static final List<String> BUILDERS =
            List.of("java.lang.Thread$Builder$OfVirtual", "java.lang.Thread$Builder$OfPlatform");

    private Redirection() {}

    static byte[] of(byte[] compiled) {
        ClassFile tool = ClassFile.of();
        return tool.transformClass(tool.parse(compiled), ClassTransform.transformingMethodBodies(Redirection::put));
    }

    private static void put(CodeBuilder code, CodeElement element) {
        switch (element) {
            case NewObjectInstruction made when made.className().asSymbol().equals(LOCK) -> code.new_(SIMULATED_LOCK);
            case InvokeInstruction call
            when isNewLock(call) ->
                code.invokespecial(
                        SIMULATED_LOCK, "<init>", MethodTypeDesc.of(java.lang.constant.ConstantDescs.CD_void));
            case InvokeInstruction call
            when target(call.owner().asSymbol(), call.name().stringValue()) != null ->
                code.invokestatic(
                        TARGET,
                        target(call.owner().asSymbol(), call.name().stringValue()),
                        type(call.owner().asSymbol(), call.typeSymbol(), call.opcode() != Opcode.INVOKESTATIC));
            case InvokeDynamicInstruction call -> code.invokedynamic(redirected(call));
            default -> code.with(element);
        }
    }

    private static boolean isNewLock(InvokeInstruction call) {
        return call.owner().asSymbol().equals(LOCK) && call.name().equalsString("<init>");
    }

    private static @Nullable String target(ClassDesc owner, String method) {
        return NAMES.get(binaryName(owner) + "." + method);
    }

    private static String binaryName(ClassDesc type) {
        return type.isClassOrInterface() ? type.packageName() + "." + type.displayName() : "";
    }

    /** The static method's type: the receiver, if there is one, comes first. */
    private static MethodTypeDesc type(ClassDesc owner, MethodTypeDesc type, boolean hasReceiver) {
        ClassDesc receiver = BUILDERS.contains(binaryName(owner)) ? ClassDesc.of("java.lang.Thread$Builder") : owner;
        return hasReceiver ? type.insertParameterTypes(0, receiver) : type;
    }

    /** Method references are constants of the call that makes the lambda. */
    private static DynamicCallSiteDesc redirected(InvokeDynamicInstruction call) {
        ConstantDesc[] arguments =
                call.bootstrapArgs().stream().map(Redirection::redirected).toArray(ConstantDesc[]::new);
        return DynamicCallSiteDesc.of(call.bootstrapMethod(), call.name().stringValue(), call.typeSymbol(), arguments);
    }

    private static ConstantDesc redirected(ConstantDesc constant) {
        if (!(constant instanceof DirectMethodHandleDesc handle)) {
            return constant;
        }
        String target = target(handle.owner(), handle.methodName());
        if (target == null) {
            return constant;
        }
        MethodTypeDesc type = handle.invocationType();
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, TARGET, target, type);
    }
}
