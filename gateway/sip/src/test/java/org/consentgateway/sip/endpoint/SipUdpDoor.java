package org.consentgateway.sip.endpoint;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.testkit.fuzz.Door;

/** A running endpoint, by datagrams. */
final class SipUdpDoor implements Door {
    private final OpenEndpoint endpoint = new OpenEndpoint(Transport.UDP, Optional.empty());
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

    SipUdpDoor() throws IOException {}

    @Override
    public List<byte[]> seeds() {
        return SipSamples.messages("UDP");
    }

    @Override
    public List<String> words() {
        return SipSamples.WORDS;
    }

    @Override
    public int longest() {
        return 9000;
    }

    @Override
    public void takes(byte[] input) throws IOException {
        socket.send(new DatagramPacket(input, input.length, endpoint.address()));
        endpoint.hasTakenAll();
    }

    @Override
    public void close() {
        socket.close();
        endpoint.close();
    }
}
