package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.fuzz.Door;

/** A running endpoint, by what one connection says before it ends. */
final class SipTcpDoor implements Door {
    private final OpenEndpoint endpoint = new OpenEndpoint(Transport.TCP, Optional.empty());

    SipTcpDoor() throws IOException {}

    @Override
    public List<byte[]> seeds() {
        return SipSamples.messages("TCP");
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
        try (Socket socket =
                new Socket(endpoint.address().getAddress(), endpoint.address().getPort())) {
            OneConnection.says(socket, input);
        }
        endpoint.isWell();
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
