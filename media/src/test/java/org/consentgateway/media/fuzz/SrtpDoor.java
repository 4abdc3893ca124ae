package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSession;
import org.consentgateway.media.srtp.SrtpSession.Verdict;
import org.consentgateway.media.srtp.SrtpSuite;
import org.consentgateway.testkit.fuzz.Datagrams;
import org.consentgateway.testkit.fuzz.Door;

/**
 * Encrypted packets of all suites: what was not made with the key is never genuine. The first octet
 * says the suite.
 */
final class SrtpDoor implements Door {
    /** One suite. */
    private record Side(SrtpSession session, List<byte[]> genuine) {
        boolean made(byte[] octets) {
            return genuine.stream().anyMatch(each -> Arrays.equals(each, octets));
        }
    }

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(Datagrams.LONGEST + 64);
    private final List<Side> sides = new ArrayList<>();

    SrtpDoor() {
        SecureRandom random = new SecureRandom();
        for (SrtpSuite suite : SrtpSuite.values()) {
            SrtpKey theirs = SrtpKey.random(suite, random);
            SrtpKey ours = SrtpKey.random(suite, random);
            SrtpSession peer = new SrtpSession(new SrtpKeys(ours, theirs), 0x1234);
            List<byte[]> genuine = new ArrayList<>();
            Samples.RTP.forEach(plain -> genuine.add(secured(peer, plain, false)));
            Samples.RTCP.forEach(plain -> genuine.add(secured(peer, plain, true)));
            sides.add(new Side(new SrtpSession(new SrtpKeys(theirs, ours), 1), genuine));
        }
    }

    private byte[] secured(SrtpSession peer, byte[] plain, boolean report) {
        datagram.put(0, plain);
        int length =
                report
                        ? peer.protectReport(datagram, plain.length, datagram)
                        : peer.protect(datagram, 0, plain.length, datagram);
        byte[] octets = new byte[length];
        datagram.get(0, octets);
        return octets;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            for (byte[] each : sides.get(i).genuine()) {
                byte[] seed = new byte[each.length + 1];
                seed[0] = (byte) i;
                System.arraycopy(each, 0, seed, 1, each.length);
                seeds.add(seed);
            }
        }
        return seeds;
    }

    @Override
    public int longest() {
        return Datagrams.LONGEST;
    }

    @Override
    public void takes(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Side side = sides.get((input[0] & 0xFF) % sides.size());
        byte[] octets = Arrays.copyOfRange(input, 1, input.length);
        boolean made = side.made(octets);
        datagram.put(0, octets);
        Verdict rtp = side.session().unprotect(datagram, octets.length);
        datagram.put(0, octets);
        Verdict rtcp = side.session().unprotectReport(datagram, octets.length);
        if (!made) {
            assertThat(rtp).isNotEqualTo(Verdict.GENUINE);
            assertThat(rtcp).isNotEqualTo(Verdict.GENUINE);
        }
    }
}
