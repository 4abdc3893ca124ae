package org.consentgateway.sip.transport.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A listening socket that fails for a while, as of a process without a file to spare. */
@Timeout(30)
class AcceptingTest {
    @Test
    void whatCannotBeAcceptedNowIsAcceptedLater() throws Exception {
        List<Socket> taken = new ArrayList<>();
        try (var listening = new Failing(3);
                Socket first = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
            assertThat(first.isConnected()).isTrue();
            Accepting.from(
                    listening,
                    connection -> {
                        taken.add(connection);
                        listening.end();
                    });
            assertThat(listening.tries).isEqualTo(4);
        }
        assertThat(taken).hasSize(1);
        taken.getFirst().close();
    }

    @Test
    void oneThatIsGoneAlreadyIsClosedAndTheNextTaken() throws Exception {
        List<Socket> taken = new ArrayList<>();
        try (var listening = new Failing(0);
                Socket first = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket second = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
            assertThat(first.getPort()).isEqualTo(second.getPort());
            Accepting.from(
                    listening,
                    connection -> {
                        taken.add(connection);
                        if (taken.size() == 1) {
                            throw new SocketException("gone");
                        }
                        listening.end();
                    });
        }
        assertThat(taken).hasSize(2);
        assertThat(taken.getFirst().isClosed()).isTrue();
        assertThat(taken.getLast().isClosed()).isFalse();
        taken.getLast().close();
    }

    /** As where the process may begin no thread more. */
    @Test
    void oneThatCannotBeTakenIsClosedAndTheNextTaken() throws Exception {
        takesTheThirdBehind(new IllegalStateException("a defect"));
        takesTheThirdBehind(new OutOfMemoryError("unable to create native thread"));
    }

    private static void takesTheThirdBehind(Throwable thrown) throws Exception {
        List<Socket> taken = new ArrayList<>();
        try (var listening = new Failing(0);
                Socket first = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket second = new Socket(listening.getInetAddress(), listening.getLocalPort());
                Socket third = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
            Accepting.from(
                    listening,
                    connection -> {
                        taken.add(connection);
                        if (taken.size() == 3) {
                            listening.end();
                        } else if (thrown instanceof Error error) {
                            throw error;
                        } else {
                            throw (RuntimeException) thrown;
                        }
                    });
            assertThat(taken)
                    .extracting(Socket::getPort)
                    .containsExactly(
                            first.getLocalPort(), second.getLocalPort(), third.getLocalPort());
        }
        assertThat(taken).extracting(Socket::isClosed).containsExactly(true, true, false);
        taken.getLast().close();
    }

    /** Confined to one thread. */
    private static final class Failing extends ServerSocket {
        private final int fails;
        private int tries;

        Failing(int fails) throws IOException {
            super(0, 5, InetAddress.getLoopbackAddress());
            this.fails = fails;
        }

        void end() throws IOException {
            close();
        }

        @Override
        public Socket accept() throws IOException {
            tries++;
            if (tries <= fails) {
                throw new SocketException("Too many open files");
            }
            return super.accept();
        }
    }
}
