package org.consentgateway.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Thread-safe. Ctrl-C and SIGTERM: the first one asks to end, the second one ends at once. SIGHUP
 * ends nothing, whatever a JVM does by itself: it is told to somebody who reads files again.
 *
 * <p>No shutdown hook: hooks run side by side with a process that is ending already, and a second
 * signal would not be heard.
 */
public final class EndSignal {
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicInteger heard = new AtomicInteger();

    private final Runnable hungUp;

    private EndSignal(Runnable hungUp) {
        this.hungUp = hungUp;
    }

    /** SIGHUP is for nobody: what listens has no files to read again. */
    public static EndSignal listen() {
        return listen(() -> {});
    }

    /**
     * @param hungUp told of each SIGHUP; returns at once
     */
    public static EndSignal listen(Runnable hungUp) {
        EndSignal signal = new EndSignal(hungUp);
        signal.on("INT", "raised");
        signal.on("TERM", "raised");
        signal.on("HUP", "hungUp");
        return signal;
    }

    public void await() throws InterruptedException {
        first.await();
    }

    @SuppressWarnings("UnusedMethod") // called through a method handle
    private void raised() {
        if (heard.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        first.countDown();
    }

    @SuppressWarnings("UnusedMethod") // called through a method handle
    private void hungUp() {
        hungUp.run();
    }

    /** By reflection: javac warns of {@code sun.misc}, which is exported and has no successor. */
    private void on(String name, String method) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle raised =
                    MethodHandles.lookup().bind(this, method, MethodType.methodType(void.class));
            Object ours =
                    MethodHandleProxies.asInterfaceInstance(
                            handler, MethodHandles.dropArguments(raised, 0, signal));
            Object wanted = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, wanted, ours);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This JVM hears no signals", e);
        }
    }
}
