package org.consentgateway.sip.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import gov.nist.core.net.NetworkLayer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection that opens, and then takes nothing. */
final class FailedWritesTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final int PORT = 5060;
    private static final byte[] MESSAGE = "OPTIONS".getBytes(StandardCharsets.US_ASCII);

    private static final OutputStream BROKEN =
            new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    throw new IOException("Broken pipe");
                }
            };

    /** Open, as far as anybody can tell. */
    private static final class Connection extends Socket {
        private final OutputStream out;

        private Connection(OutputStream out) {
            this.out = out;
        }

        @Override
        public OutputStream getOutputStream() {
            return out;
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }
    }

    private static TcpChannel over(Connection... connections) throws Exception {
        Deque<Connection> next = new ArrayDeque<>(List.of(connections));
        var network =
                (NetworkLayer)
                        Proxy.newProxyInstance(
                                NetworkLayer.class.getClassLoader(),
                                new Class<?>[] {NetworkLayer.class},
                                (_, method, _) -> {
                                    assertThat(method.getName()).isEqualTo("createSocket");
                                    return next.remove();
                                });
        BareStack stack = BareStack.over(network, "");
        return new TcpChannel(HERE, PORT, stack, new TcpProcessor(HERE, stack, 0));
    }

    /** The stack took it for sent, and whoever asked waited for an answer. */
    @Test
    void whatCannotBeWrittenToANewConnectionIsNotSent() throws Exception {
        var dead = new Connection(BROKEN);
        var written = new ByteArrayOutputStream();
        TcpChannel channel = over(dead, new Connection(written));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.sendMessage(MESSAGE, HERE, PORT, true));
        assertThat(dead.isClosed()).isTrue();
        channel.sendMessage(MESSAGE, HERE, PORT, true);
        assertThat(written.toByteArray()).isEqualTo(MESSAGE);
    }

    /** The second connection is new as well. */
    @Test
    void norWhereItTakesThePlaceOfOneThatHasEnded() throws Exception {
        var ended = new Connection(new OnlyOnce());
        TcpChannel channel = over(ended, new Connection(BROKEN));
        channel.sendMessage(MESSAGE, HERE, PORT, true);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> channel.sendMessage(MESSAGE, HERE, PORT, true));
    }

    /** Takes one message. */
    private static final class OnlyOnce extends OutputStream {
        private int octets;

        @Override
        public void write(int octet) throws IOException {
            if (++octets > MESSAGE.length) {
                throw new IOException("Broken pipe");
            }
        }
    }
}
