package org.consentgateway.media.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How late Linux may wake the calling thread from a wait with an end, so as to wake others with it:
 * 50 µs, unless it asks for less (proc_pid_timerslack_ns(5)).
 */
final class TimerSlack {
    private static final Logger LOG = LoggerFactory.getLogger(TimerSlack.class);
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final String LEAST_NANOS = "1000";

    private TimerSlack() {}

    /** For the calling thread; if that is not to be had, packets go out a little less evenly. */
    static void least() {
        try {
            String id = Files.readSymbolicLink(THREAD).getFileName().toString();
            Files.writeString(Path.of("/proc", id, "timerslack_ns"), LEAST_NANOS);
        } catch (IOException e) {
            LOG.debug("The timer slack of an event loop stays as it is: {}", e.toString());
        }
    }
}
