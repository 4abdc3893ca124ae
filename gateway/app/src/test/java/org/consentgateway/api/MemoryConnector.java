package org.consentgateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * A connector of a running listener whose connections are memory: no socket is opened for what one
 * says, and no selector waits for it, which is most of what a small request takes. What the
 * listener's own connector speaks, this one does. Confined to one thread.
 */
final class MemoryConnector extends AbstractConnector {
    private static final int PATIENCE_SECONDS = 30;

    private MemoryConnector(Server server, Connector like) {
        super(server, Runnable::run, null, null, 0, like.getDefaultConnectionFactory());
    }

    /** One more connector of a listener that runs. */
    static MemoryConnector of(Server server) throws Exception {
        Connector own = server.getConnectors()[0];
        var connector = new MemoryConnector(server, own);
        // Such as SlowRequests, which keeps account of all that is open.
        own.getBeans(Connection.Listener.class).forEach(each -> connector.addBean(each, false));
        server.addConnector(connector);
        connector.start();
        return connector;
    }

    /**
     * @param said all that comes over one connection before its end
     * @return all that is answered until the listener has closed it
     * @throws AssertionError if it is still open behind that end
     */
    String answerTo(byte[] said) throws InterruptedException {
        var point = new Loopback();
        Connection connection = getDefaultConnectionFactory().newConnection(this, point);
        point.setConnection(connection);
        if (said.length > 0) {
            point.addInput(ByteBuffer.wrap(said));
        }
        point.addInputEOF();
        point.onOpen();
        onEndPointOpened(point);
        connection.onOpen();
        assertThat(point.closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the connection is closed")
                .isTrue();
        return point.takeOutputString(StandardCharsets.ISO_8859_1);
    }

    /** Nobody connects but by {@link #answerTo}. */
    @Override
    protected void accept(int acceptor) {
        throw new UnsupportedOperationException("no acceptor was asked for");
    }

    @Override
    public @Nullable Object getTransport() {
        return null;
    }

    /** As a socket of this machine. */
    private final class Loopback extends ByteArrayEndPoint {
        private final CountDownLatch closed = new CountDownLatch(1);

        Loopback() {
            super(MemoryConnector.this.getScheduler(), 0, ByteBuffer.allocate(0), 1024, true);
        }

        @Override
        public SocketAddress getRemoteSocketAddress() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 49_152);
        }

        @Override
        protected void execute(Runnable task) {
            task.run();
        }

        @Override
        public void onClose(@Nullable Throwable cause) {
            Connection connection = getConnection();
            if (connection != null) {
                connection.onClose(cause);
            }
            onEndPointClosed(this);
            super.onClose(cause);
            closed.countDown();
        }
    }
}
