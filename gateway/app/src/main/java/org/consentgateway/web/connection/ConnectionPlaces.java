package org.consentgateway.web.connection;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.consentgateway.source.ConnectionSource;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.SelectableChannelEndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread-safe. No more than so many connections at a listener, and none of them kept from others by
 * who opens many: for one more another is closed ({@link SharedPlaces}), and never is a listener
 * deaf. Jetty's own limit stops accepting until somebody goes.
 */
public final class ConnectionPlaces extends AbstractLifeCycle
        implements SelectorManager.AcceptListener, Connection.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPlaces.class);

    /** Between two lines of the log. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final Server server;
    private final SharedPlaces<SelectableChannel> places;
    private final AtomicBoolean told = new AtomicBoolean();

    /** What is spoken over each that has been opened; until then nothing has come of it. */
    private final Map<SelectableChannel, Connection> opened = new ConcurrentHashMap<>();

    /**
     * @param most how many there may be
     */
    public ConnectionPlaces(Server server, int most) {
        this.server = server;
        this.places = new SharedPlaces<>(most, this::use);
    }

    @Override
    protected void doStart() throws Exception {
        for (Connector each : server.getConnectors()) {
            each.addBean(this, false);
        }
        super.doStart();
    }

    private SharedPlaces.Use use(SelectableChannel channel) {
        Connection connection = opened.get(channel);
        if (connection == null) {
            return SharedPlaces.Use.SILENT;
        }
        if (!(connection instanceof ConnectionMetaData)) { // a WebSocket, which was asked for
            return SharedPlaces.Use.BUSY;
        }
        long requests = connection.getMessagesIn();
        if (requests == 0) {
            return SharedPlaces.Use.SILENT;
        }
        return requests == connection.getMessagesOut()
                ? SharedPlaces.Use.BETWEEN
                : SharedPlaces.Use.BUSY;
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        places.add(channel, source(channel)).ifPresent(this::give);
    }

    private static String source(SelectableChannel channel) {
        try {
            return channel instanceof SocketChannel socket
                            && socket.getRemoteAddress() instanceof InetSocketAddress peer
                    ? ConnectionSource.of(peer.getAddress())
                    : "";
        } catch (IOException closed) {
            return "";
        }
    }

    private void give(SelectableChannel channel) {
        tell();
        Connection connection = opened.get(channel);
        if (connection != null) {
            connection.getEndPoint().close();
            return;
        }
        try {
            channel.close();
        } catch (IOException gone) {
            // so it has no place any more, either way
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            var _ =
                    server.getScheduler()
                            .schedule(() -> told.set(false), QUIET.toSeconds(), TimeUnit.SECONDS);
            LOG.atWarn()
                    .addKeyValue("listener", server.getURI().getPort())
                    .log(
                            "all connections of an HTTP listener are taken; for each new one"
                                    + " another is closed");
        }
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        onClosed(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        places.remove(channel);
        opened.remove(channel);
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection.getEndPoint() instanceof SelectableChannelEndPoint point) {
            opened.put(point.getChannel(), connection);
        }
    }
}
