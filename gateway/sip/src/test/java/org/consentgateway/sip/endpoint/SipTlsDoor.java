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
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.Certificates;
import org.consentgateway.testkit.fuzz.Door;

/**
 * A running endpoint by TLS: the first octet says whether the rest comes within it, or in place of
 * a handshake.
 */
final class SipTlsDoor implements Door {
    private static final byte WITHIN = 1;

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
        InetAddress host = endpoint.address().getAddress();
        int port = endpoint.address().getPort();
        try (Socket socket =
                (input[0] & WITHIN) != 0
                        ? trusting.getSocketFactory().createSocket(host, port)
                        : new Socket(host, port)) {
            OneConnection.says(socket, octets);
        }
        endpoint.isWell();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
