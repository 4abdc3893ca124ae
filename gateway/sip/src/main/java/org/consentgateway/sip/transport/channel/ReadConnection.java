package org.consentgateway.sip.transport.channel;

import gov.nist.javax.sip.parser.Pipeline;
import gov.nist.javax.sip.parser.PipelinedMsgParser;
import gov.nist.javax.sip.stack.ConnectionOrientedMessageChannel;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * What a thread reads for its channel: one connection, to its end. The channel may go on over
 * another meanwhile, to the same address and port, which a thread more reads. The stack's own
 * reading ends, with the connection that it has read, the parser of that which its channel has
 * then, and so closes that as well.
 */
final class ReadConnection {
    /** As many as the stack reads at once. */
    private static final int OCTETS = 4096;

    /** How long a message may take is what the stream itself looks at. */
    private static final int NO_TIMEOUT = -1;

    /** Those that a thread reads now, each until it has ended. */
    private static final ConcurrentMap<Socket, CompletableFuture<Void>> NOW =
            new ConcurrentHashMap<>();

    private ReadConnection() {}

    /** All that comes over a connection, in order. */
    @FunctionalInterface
    interface Reading {
        void toItsEnd() throws IOException;
    }

    /**
     * Reads a connection and closes it, where no other thread does. The stack has one connection to
     * an address and port: a channel that had none, or another one, goes on over that which another
     * channel is read from, and begins to read as well. Of two that read the octets of one message
     * each would have a part of them; and no thread waits for the other's end, since who asks again
     * and again, and closes each time, has each of its answers begin another.
     *
     * @param kept whether anybody finds the channel by its address and port; if not, it ends with
     *     the answer it is for
     * @param ended of the channel, told behind the end, on whichever thread has read
     */
    static void once(Socket connection, Reading reading, boolean kept, Runnable ended) {
        var ours = new CompletableFuture<Void>();
        CompletableFuture<Void> another = NOW.putIfAbsent(connection, ours);
        if (another != null) {
            if (kept) {
                var _ = another.thenRun(ended);
            }
            return;
        }
        try (connection) {
            reading.toItsEnd();
        } catch (IOException over) {
            // By whichever side: it is closed here in any case.
        } finally {
            NOW.remove(connection);
            try {
                ended.run();
            } finally {
                ours.complete(null);
            }
        }
    }

    /**
     * Hands to the parser what comes, until no more comes.
     *
     * @throws IOException where either side has closed it
     */
    static void toItsEnd(
            InputStream in, ConnectionOrientedMessageChannel channel, SIPTransactionStack stack)
            throws IOException {
        try (var parsed = new Pipeline(in, NO_TIMEOUT, stack.getTimer())) {
            new PipelinedMsgParser(stack, channel, parsed, stack.getMaxMessageSize())
                    .processInput();
            byte[] octets = new byte[OCTETS];
            for (int count = in.read(octets); count >= 0; count = in.read(octets)) {
                parsed.write(octets, 0, count);
                octets = new byte[OCTETS]; // the parser has not read the others yet
            }
        }
    }

    /**
     * Whether a channel ends with the connection that was read for it.
     *
     * @param now of the channel; null where it has none
     */
    static boolean isLast(Socket read, @Nullable Socket now) {
        return now == null || now.equals(read);
    }
}
