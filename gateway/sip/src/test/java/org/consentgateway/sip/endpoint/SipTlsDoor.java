package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.fuzz.Door;

/**
 * A running endpoint by TLS: the first octet says whether the rest comes within it, or in place of
 * a handshake; and of which version that is. A session of TLS 1.2 is resumed (RFC 5077 §3.1), which
 * takes a third of the processor time: TLS 1.3 agrees on a key each time (RFC 8446 §4.2.9), and
 * what is tried is what comes behind it.
 */
final class SipTlsDoor implements Door {
    private static final byte WITHIN = 1;
    private static final byte NEWEST = 2;

    /** Records of TLS (RFC 8446 §5.1): a hello of nothing, an alert, data before a key. */
    private static final List<String> RECORDS =
            List.of(
                    "16030100050100000100",
                    "15030300020100",
                    "170303000401020304",
                    "1403030001" + "01");

    private final SSLContext trusting;
    private final OpenEndpoint endpoint;

    SipTlsDoor() throws Exception {
        Path folder = Files.createTempDirectory("door");
        Certificates certificates = Certificates.in(folder);
        trusting = certificates.context(Certificates.OTHER);
        endpoint =
                new OpenEndpoint(
                        Transport.TLS,
                        Optional.of(
                                Peers.tls(
                                        certificates,
                                        Certificates.GATEWAY,
                                        Tls.ClientCertificate.OFF)));
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] message : SipSamples.messages("TLS")) {
            seeds.add(after(WITHIN, message));
        }
        seeds.add(after((byte) (WITHIN | NEWEST), SipSamples.messages("TLS").getLast()));
        RECORDS.forEach(each -> seeds.add(after((byte) 0, HexFormat.of().parseHex(each))));
        return seeds;
    }

    private static byte[] after(byte first, byte[] rest) {
        byte[] all = new byte[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    @Override
    public List<String> words() {
        return SipSamples.WORDS;
    }

    @Override
    public int longest() {
        return 20_000;
    }

    @Override
    public void takes(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        try (Socket socket = connected(input[0])) {
            OneConnection.says(socket, octets);
        }
        endpoint.isWell();
    }

    private Socket connected(byte how) throws IOException {
        InetAddress host = endpoint.address().getAddress();
        int port = endpoint.address().getPort();
        if ((how & WITHIN) == 0) {
            return new Socket(host, port);
        }
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(host, port);
        socket.setEnabledProtocols(new String[] {(how & NEWEST) == 0 ? "TLSv1.2" : "TLSv1.3"});
        return socket;
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
