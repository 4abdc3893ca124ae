package org.consentgateway.web.connection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Thread-safe. Cuts connections whose request comes octet by octet: never silent, so no idle
 * timeout ends them, and each holds a place (Slowloris). A head has to be whole in so many seconds,
 * and a body to come faster than {@link #LEAST_RATE}; a connection between two requests, and a
 * request that is being worked on, may take their time. One on which nothing has ever come is
 * closed after {@link #SILENT_SECONDS}, without a word, since it asked nothing.
 */
public final class SlowRequests extends AbstractLifeCycle implements Connection.Listener {
    /** Octets of a body in a second, on average. */
    private static final int LEAST_RATE = 500;

    /** Who connects has something to ask. */
    private static final int SILENT_SECONDS = 5;

    private static final byte[] TOO_SLOW =
            "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private final Server server;
    private final int seconds;
    private final Scheduler scheduler = new ScheduledExecutorScheduler("slow-requests", true);
    private final Map<Connection, Progress> open = new ConcurrentHashMap<>();

    /** Confined to the scheduler's thread. Since the last request began or was answered. */
    private static final class Progress {
        private long requests;
        private long answers;
        private long octetsThen;
        private long octets;
        private int seconds;
        private int silentSeconds;
    }

    /**
     * @param seconds in which a head has to be whole
     */
    public SlowRequests(Server server, int seconds) {
        this.server = server;
        this.seconds = seconds;
    }

    @Override
    protected void doStart() throws Exception {
        for (Connector each : server.getConnectors()) {
            each.addBean(this, false);
        }
        scheduler.start();
        next();
        super.doStart();
    }

    @Override
    protected void doStop() throws Exception {
        scheduler.stop();
        super.doStop();
    }

    private void next() {
        var _ = scheduler.schedule(this::look, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            open.forEach((connection, progress) -> {
                if (isSlow(connection, progress)) {
                    cut(connection, progress);
                }
            });
        } finally {
            next();
        }
    }

    private boolean isSlow(Connection connection, Progress progress) {
        long octets = connection.getBytesIn();
        if (octets == 0) {
            progress.silentSeconds++;
            return progress.silentSeconds >= SILENT_SECONDS;
        }
        if (connection.getMessagesIn() != progress.requests
                || connection.getMessagesOut() != progress.answers) {
            progress.requests = connection.getMessagesIn();
            progress.answers = connection.getMessagesOut();
            progress.octetsThen = octets;
            progress.octets = octets;
            progress.seconds = 0;
            return false;
        }
        boolean grown = octets > progress.octets;
        progress.octets = octets;
        long came = octets - progress.octetsThen;
        if (came == 0) {
            return false;
        }
        progress.seconds++;
        boolean late = progress.seconds >= seconds;
        return isHead(progress)
                ? late
                : late && grown && came < (long) progress.seconds * LEAST_RATE;
    }

    private static boolean isHead(Progress progress) {
        return progress.requests == progress.answers;
    }

    private static void cut(Connection connection, Progress progress) {
        if (isHead(progress) && progress.silentSeconds < SILENT_SECONDS) {
            connection
                    .getEndPoint()
                    .write(
                            Callback.from(connection::close),
                            ByteBuffer.wrap(TOO_SLOW).asReadOnlyBuffer());
        } else {
            connection.close();
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof ConnectionMetaData) { // HTTP, and no WebSocket
            open.put(connection, new Progress());
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }
}
