package org.consentgateway.console;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. The part of a page that changes: sent anew whenever it reads differently, until the
 * session is over or the page is closed (server-sent events, WHATWG HTML §9.2). What reads the same
 * is an event as well, so that a page on which nothing comes knows that it is old. Written by the
 * request's own virtual thread: whoever has gone is noticed at the next write.
 */
final class LiveRegion {
    private static final Logger LOG = LoggerFactory.getLogger(LiveRegion.class);

    private static final Duration EVERY = Duration.ofSeconds(2);

    /** Of one session; one page more, and the oldest is left as it is. */
    static final int MOST_STREAMS = 6;

    private final Sessions sessions;

    LiveRegion(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Returns when it is over. */
    void send(Context context, Session session, Supplier<String> html) {
        context.res().setContentType("text/event-stream");
        context.res().setCharacterEncoding("UTF-8");
        if (context.method().equals(HandlerType.HEAD)) {
            return; // there is no body, so no write would fail, whoever has gone
        }
        try {
            write(context.res().getOutputStream(), session, html);
        } catch (IOException | ApiRefused e) {
            LOG.debug("a page is not kept up to date any more: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(OutputStream out, Session session, Supplier<String> html)
            throws IOException, InterruptedException {
        long stream = session.stream();
        String before = "";
        while (sessions.goesOn(session)) {
            if (!session.isAmongNewest(stream, MOST_STREAMS)) {
                event(out, "enough", "");
                return;
            }
            String now = html.get();
            if (now.equals(before)) {
                event(out, "alive", ""); // scripts see no comment, and who has gone is noticed
            } else {
                event(out, "region", now);
                before = now;
            }
            session.awaitEnd(EVERY);
        }
        event(out, "over", "");
    }

    private static void event(OutputStream out, String name, String text) throws IOException {
        var event = new StringBuilder("event: ").append(name).append('\n');
        text.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
        if (text.isEmpty()) {
            event.append("data:\n");
        }
        out.write(event.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
