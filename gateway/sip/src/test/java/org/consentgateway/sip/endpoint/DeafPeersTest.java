package org.consentgateway.sip.endpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A peer that sends, and reads nothing of what it is answered: it hangs, or means to. */
// Whoever is not let go of waits to write, which no interrupt ends.
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DeafPeersTest {
    @Test
    void whoReadsNothingIsLetGoOf() throws Exception {
        try (var endpoint = new OpenEndpoint(Transport.TCP, Optional.empty());
                Socket deaf = new Socket()) {
            isLetGoOf(deaf, endpoint);
        }
    }

    @Test
    void whoReadsNothingOverTlsIsLetGoOf(@TempDir Path folder) throws Exception {
        Certificates certificates = Certificates.in(folder);
        Tls tls = Peers.tls(certificates, Certificates.GATEWAY, Tls.ClientCertificate.OFF);
        try (var endpoint = new OpenEndpoint(Transport.TLS, Optional.of(tls));
                Socket deaf =
                        certificates
                                .context(Certificates.OTHER)
                                .getSocketFactory()
                                .createSocket()) {
            isLetGoOf(deaf, endpoint);
        }
    }

    private static void isLetGoOf(Socket deaf, OpenEndpoint endpoint) throws Exception {
        deaf.setReceiveBufferSize(1); // the least there is
        deaf.connect(endpoint.address());
        try (SipPeer names = SipPeer.udp("127.0.0.1", endpoint.address())) {
            // Until nothing is taken of it, since nobody reads on who cannot answer.
            assertThatThrownBy(() -> ask(deaf.getOutputStream(), new SipDialog(names)))
                    .isInstanceOf(SocketException.class);
        }
        endpoint.hasTakenAll();
    }

    private static void ask(OutputStream out, SipDialog dialog) throws IOException {
        for (int i = 0; ; i++) {
            String options = dialog.request("OPTIONS", i, "z9hG4bKdeaf" + i, "", "");
            out.write(options.getBytes(StandardCharsets.UTF_8));
        }
    }
}
