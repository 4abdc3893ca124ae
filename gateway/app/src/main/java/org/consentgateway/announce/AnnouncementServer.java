package org.consentgateway.announce;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.consentgateway.web.HttpListener;

/**
 * Thread-safe. The listener for other nodes of the store, apart from all others. What comes is
 * sealed, and says by that alone who sends it: whatever does not open gets a bare 403.
 */
public final class AnnouncementServer implements AutoCloseable {
    static final String PATH = "/endings";

    /** Octets of a message: some hundred records. */
    static final int MOST = 1 << 20;

    private static final HttpListener.Limits LIMITS = new HttpListener.Limits(MOST, 4_096, 50);

    private final Javalin server;

    private AnnouncementServer(Javalin server) {
        this.server = server;
    }

    /**
     * @param at port 0 takes any free one
     * @param taking answers a message; empty where it is refused
     * @throws IOException where the address cannot be listened on
     */
    public static AnnouncementServer start(
            InetSocketAddress at, Function<byte[], Optional<byte[]>> taking) throws IOException {
        return new AnnouncementServer(
                HttpListener.start(
                        at, LIMITS, routes -> routes.post(PATH, context -> take(context, taking))));
    }

    private static void take(Context context, Function<byte[], Optional<byte[]>> taking) {
        Optional<byte[]> answer = taking.apply(context.bodyAsBytes());
        context.status(answer.isPresent() ? 200 : 403);
        context.contentType("application/octet-stream").result(answer.orElse(new byte[0]));
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }
}
