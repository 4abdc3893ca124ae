package org.consentgateway.sip.transport.channel;

import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that runs has read, to its end. Its channel may go on over another connection
 * meanwhile, which a thread more reads, and which is not to end with the first. Thread-safe.
 */
final class ReadConnection {
    private static final ThreadLocal<Socket> READ = new ThreadLocal<>();

    private ReadConnection() {}

    static void is(Socket connection) {
        READ.set(connection);
    }

    /**
     * Whether there is another one now in the place of what was read.
     *
     * @param now of the channel; null where it has none
     */
    static boolean isReplacedBy(@Nullable Socket now) {
        Socket read = READ.get();
        return read != null && now != null && !now.equals(read);
    }
}
