package org.consentgateway.media;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The share of the processor that the calling thread gets beside others. Thread-safe. On Linux each
 * thread has a nice value of its own, which it may always raise; Java's own priorities do nothing
 * there. Elsewhere nothing happens.
 */
public final class ThreadPriority {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadPriority.class);

    /** Of the system call: a process, and on Linux the calling thread where its id is 0. */
    private static final int PRIO_PROCESS = 0;

    private static final int CALLING_THREAD = 0;
    private static final int LOWEST = 19;

    private ThreadPriority() {}

    /**
     * Lets all threads of usual priority go first, those of the voices among them.
     *
     * @param steps of nice; ten leave about a tenth of a busy core
     */
    public static void lowerBy(int steps) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            int now =
                    (int)
                            function("getpriority", JAVA_INT, JAVA_INT)
                                    .invokeExact(PRIO_PROCESS, CALLING_THREAD);
            int refused =
                    (int)
                            function("setpriority", JAVA_INT, JAVA_INT, JAVA_INT)
                                    .invokeExact(
                                            PRIO_PROCESS,
                                            CALLING_THREAD,
                                            Math.min(LOWEST, now + steps));
            if (refused != 0) {
                LOG.debug("The system does not lower the priority of {}", Thread.currentThread());
            }
        } catch (Throwable e) {
            // It is only a courtesy to the audio: what it fails by is not worth a caller's answer.
            LOG.debug("The priority of {} stays as it is", Thread.currentThread(), e);
        }
    }

    /** Restricted, because a wrong signature would take the process down; these two are POSIX. */
    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, java.lang.foreign.MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(JAVA_INT, arguments));
    }
}
