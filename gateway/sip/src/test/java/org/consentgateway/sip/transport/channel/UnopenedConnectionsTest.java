package org.consentgateway.sip.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.TCPMessageChannel;
import gov.nist.javax.sip.stack.TLSMessageChannel;
import java.io.IOException;
import java.net.InetAddress;
import org.consentgateway.testkit.FreePort;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever makes us connect to nobody, again and again, leaves nothing behind. */
final class UnopenedConnectionsTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "tls"})
    void whatCouldNotBeOpenedIsForgotten(String transport) throws Exception {
        int nobody = FreePort.next();
        MessageProcessor connections =
                new OwnConnections().createMessageProcessor(BareStack.of(""), HERE, 0, transport);
        MessageChannel first = connections.createMessageChannel(HERE, nobody);
        assertThat(connections.createMessageChannel(HERE, nobody)).isSameAs(first);
        assertThatThrownBy(() -> send(first, nobody)).isInstanceOf(IOException.class);
        assertThat(connections.createMessageChannel(HERE, nobody)).isNotSameAs(first);
    }

    private static void send(MessageChannel channel, int port) throws IOException {
        byte[] message = new byte[1];
        if (channel instanceof TCPMessageChannel tcp) {
            tcp.sendMessage(message, HERE, port, false);
        } else {
            ((TLSMessageChannel) channel).sendMessage(message, HERE, port, false);
        }
    }
}
