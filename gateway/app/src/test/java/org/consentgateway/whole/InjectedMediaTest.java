package org.consentgateway.whole;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.consentgateway.testkit.Caller;
import org.consentgateway.testkit.RtpPacket;
import org.consentgateway.testkit.RtpPorts;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.SrtpStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Somebody who is not the caller answers the question, or wants to hear it. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class InjectedMediaTest {
    private static final String HERE = "127.0.0.1";

    /** From the end of the opening until a key counts for the question, and some. */
    private static final int SETTLED_MILLIS = 600;

    @RegisterExtension
    static final TestGateway gateway =
            TestGateway.with(TestGateway.Wishes.USUAL.withSrtp("optional"));

    /** Waits until the caller is asked, lets them do their worst, and then says no. */
    private static void saysNoAmidst(Caller caller, String number, Attack attack) throws Exception {
        gateway.tells(number, "Served opening");
        Thread.sleep(SETTLED_MILLIS);
        for (int i = 0; i < 5; i++) {
            attack.strike();
        }
        assertThat(gateway.story(number)).containsExactly("Served opening");
        caller.presses('2');
        gateway.tells(number, "Served opening", "Refused");
        caller.hangsUp();
    }

    /** What somebody does to the question. */
    private interface Attack {
        void strike() throws Exception;
    }

    @Test
    void aKeyFromAnotherAddressOrPortIsNoAnswer() throws Exception {
        String number = "+491740000101";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).calls();
                DatagramSocket samePlace = socket("127.0.0.1");
                DatagramSocket otherPlace = socket("127.0.0.2")) {
            saysNoAmidst(
                    caller,
                    number,
                    () -> {
                        // With the caller's own SSRC and with another, on RTP's port and on RTCP's.
                        for (int ssrc : new int[] {caller.voice().ssrc(), 0x5EED}) {
                            press(samePlace, caller.voice().peer(), ssrc);
                            press(otherPlace, caller.voice().peer(), ssrc);
                            press(otherPlace, above(caller.voice().peer()), ssrc);
                        }
                    });
        }
        TestWait.until(() -> dropped("stranger") > 0);
    }

    @Test
    void aKeyWithAnotherSsrcIsNoAnswerEvenFromTheCallersOwnSocket() throws Exception {
        String number = "+491740000102";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).calls()) {
            saysNoAmidst(caller, number, () -> caller.voice().pressAs('1', 0x5EED_0001, null));
        }
    }

    @Test
    void inASecureCallPlainKeysAndThoseOfAWrongKeyAreNoAnswer() throws Exception {
        String number = "+491740000103";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).secured().calls()) {
            saysNoAmidst(
                    caller,
                    number,
                    () -> {
                        SrtpStream forged = RtpVoice.forged();
                        caller.voice().pressAs('1', caller.voice().ssrc(), null);
                        caller.voice().pressAs('1', caller.voice().ssrc(), forged);
                    });
        }
        TestWait.until(() -> dropped("forged") > 0);
    }

    /** Known as RTPbleed: who sprays packets over the ports becomes somebody's peer. */
    @Test
    void noPortOfTheWholeRangeSendsAProbeASingleByte() throws Exception {
        String number = "+491740000104";
        try (Caller caller = gateway.caller(TestGateway.ONE_LEVEL, number).calls()) {
            gateway.tells(number, "Served opening");
            List<DatagramSocket> probes = new ArrayList<>();
            for (String from : new String[] {HERE, "127.0.0.2", "127.0.0.77"}) {
                probes.add(socket(from));
            }
            ByteBuffer report = ByteBuffer.allocate(8).putInt(0x80C9_0001).putInt(0x5EED);
            for (int round = 0; round < 2; round++) {
                for (int port = RtpPorts.GATEWAY; port < RtpPorts.PEERS; port++) {
                    InetSocketAddress to = new InetSocketAddress(InetAddress.ofLiteral(HERE), port);
                    for (DatagramSocket probe : probes) {
                        for (int sequence = 0; sequence < 5; sequence++) {
                            sendQuietly(probe, audio(round * 5 + sequence), to);
                        }
                        sendQuietly(probe, report.array(), to);
                    }
                }
            }
            int before = caller.voice().heard();
            for (DatagramSocket probe : probes) {
                assertThat(hearsAnything(probe, 300)).isFalse();
                probe.close();
            }
            // The call itself goes on.
            TestWait.until(() -> caller.voice().heard() > before + 20);
            caller.hangsUp();
        }
    }

    private static DatagramSocket socket(String address) throws Exception {
        return new DatagramSocket(0, InetAddress.ofLiteral(address));
    }

    private static InetSocketAddress above(InetSocketAddress rtp) {
        return new InetSocketAddress(rtp.getAddress(), rtp.getPort() + 1);
    }

    private static byte[] audio(int sequence) {
        return new RtpPacket(false, 8, sequence, 160 * sequence, 0x5EED, new byte[160]).octets();
    }

    /** A closed port says so by ICMP, which Java tells with the next call. */
    private static void sendQuietly(DatagramSocket from, byte[] packet, InetSocketAddress to) {
        try {
            from.send(new DatagramPacket(packet, packet.length, to));
        } catch (java.io.IOException refused) {
            // nobody there
        }
    }

    private static void press(DatagramSocket from, InetSocketAddress to, int ssrc)
            throws Exception {
        for (int step = 0; step < 8; step++) {
            byte[] event = RtpPacket.key('1', step);
            byte[] octets =
                    new RtpPacket(step == 0, 101, 2000 + step, 99_999, ssrc, event).octets();
            from.send(new DatagramPacket(octets, octets.length, to));
        }
    }

    private static boolean hearsAnything(DatagramSocket socket, int millis) throws Exception {
        socket.setSoTimeout(millis);
        try {
            socket.receive(new DatagramPacket(new byte[2048], 2048));
            return true;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    private static double dropped(String reason) throws Exception {
        return gateway.http("/metrics")
                .lines()
                .filter(l -> l.startsWith("consent_rtp_packets_dropped") && l.contains(reason))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }
}
