package org.consentgateway.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.srtp.SrtpSession.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class SrtpSessionTest {
    private static final int OURS = 0x1234_5678;
    private static final int THEIRS = 0xCAFE_BABE;

    private final SecureRandom random = new SecureRandom();

    /** Two sides that share their keys. */
    private final class Pair {
        final SrtpKey fromHere;
        final SrtpKey fromThere;
        final SrtpSession here;
        final SrtpSession there;

        Pair(SrtpSuite suite) {
            fromHere = SrtpKey.random(suite, random);
            fromThere = SrtpKey.random(suite, random);
            here = new SrtpSession(new SrtpKeys(fromHere, fromThere), OURS);
            there = new SrtpSession(new SrtpKeys(fromThere, fromHere), THEIRS);
        }

        byte[] sent(int sequence) {
            return protectedBy(there, rtp(THEIRS, sequence, 160));
        }

        Verdict arrives(byte[] packet) {
            return opened(here, packet);
        }
    }

    private static byte[] rtp(int ssrc, int sequence, int payload) {
        ByteBuffer packet = ByteBuffer.allocate(12 + payload);
        packet.put((byte) 0x80).put((byte) 8).putShort((short) sequence);
        packet.putInt(sequence * 160).putInt(ssrc);
        while (packet.hasRemaining()) {
            packet.put((byte) (sequence + packet.position()));
        }
        return packet.array();
    }

    private static byte[] report(int ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(8);
        packet.putInt(0x80C9_0001).putInt(ssrc);
        return packet.array();
    }

    private static byte[] protectedBy(SrtpSession session, byte[] plain) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048).put(0, plain);
        int length = session.protect(buffer, 0, plain.length, buffer);
        return length < 0 ? new byte[0] : taken(buffer, length);
    }

    private static byte[] protectedReport(SrtpSession session, byte[] plain) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2048).put(0, plain);
        return taken(buffer, session.protectReport(buffer, plain.length, buffer));
    }

    private static byte[] taken(ByteBuffer buffer, int length) {
        byte[] octets = new byte[length];
        buffer.get(0, octets);
        return octets;
    }

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(2048);

    private Verdict opened(SrtpSession session, byte[] packet) {
        return session.unprotect(datagram.put(0, packet), packet.length);
    }

    private Verdict openedReport(SrtpSession session, byte[] packet) {
        return session.unprotectReport(datagram.put(0, packet), packet.length);
    }

    private byte[] plain(SrtpSession session) {
        return taken(datagram, session.length());
    }

    /**
     * The published test packet of libsrtp ({@code srtp_validate}), for AES_CM_128_HMAC_SHA1_80.
     */
    @Test
    void thePublishedPacketIsMadeAndOpened() {
        HexFormat hex = HexFormat.of();
        SrtpKey key =
                Objects.requireNonNull(
                        SrtpKey.of(
                                SrtpSuite.AES_CM_128_HMAC_SHA1_80,
                                hex.parseHex(
                                        "e1f97a0d3e018be0d64fa32c06de4139"
                                                + "0ec675ad498afeebb6960b3aabe6")));
        byte[] plain = hex.parseHex("800f1234decafbadcafebabeabababababababababababababababab");
        String secured =
                "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb";
        SrtpSession session = new SrtpSession(new SrtpKeys(key, key), THEIRS);
        assertThat(hex.formatHex(protectedBy(session, plain))).isEqualTo(secured);
        assertThat(opened(session, hex.parseHex(secured))).isEqualTo(Verdict.GENUINE);
        assertThat(plain(session)).isEqualTo(plain);
    }

    @ParameterizedTest
    @CsvSource({
        "AEAD_AES_256_GCM, 16, 20", "AEAD_AES_128_GCM, 16, 20",
        "AES_CM_128_HMAC_SHA1_80, 10, 14", "AES_CM_128_HMAC_SHA1_32, 4, 14"
    })
    void whatOneSideProtectsTheOtherOpens(SrtpSuite suite, int tag, int controlTrailer) {
        Pair pair = new Pair(suite);
        byte[] plain = rtp(THEIRS, 7, 160);
        byte[] secured = protectedBy(pair.there, plain);
        assertThat(secured).hasSize(plain.length + tag);
        assertThat(Arrays.copyOfRange(secured, 12, 172))
                .isNotEqualTo(Arrays.copyOfRange(plain, 12, 172));
        assertThat(pair.arrives(secured)).isEqualTo(Verdict.GENUINE);
        assertThat(plain(pair.here)).isEqualTo(plain);

        byte[] securedReport = protectedReport(pair.there, report(THEIRS));
        assertThat(securedReport).hasSize(8 + controlTrailer);
        assertThat(openedReport(pair.here, securedReport)).isEqualTo(Verdict.GENUINE);
        assertThat(plain(pair.here)).isEqualTo(report(THEIRS));
        assertThat(openedReport(pair.here, securedReport)).isEqualTo(Verdict.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void anAlteredBitAnywhereIsForged(SrtpSuite suite) {
        Pair pair = new Pair(suite);
        byte[] secured = pair.sent(100);
        byte[] securedReport = protectedReport(pair.there, report(THEIRS));
        for (int at = 0; at < secured.length; at++) {
            byte[] altered = secured.clone();
            altered[at] ^= 0x04;
            assertThat(pair.arrives(altered)).as("octet " + at).isNotEqualTo(Verdict.GENUINE);
        }
        for (int at = 0; at < securedReport.length; at++) {
            byte[] altered = securedReport.clone();
            altered[at] ^= 0x04;
            assertThat(openedReport(pair.here, altered))
                    .as("octet " + at)
                    .isNotEqualTo(Verdict.GENUINE);
        }
        for (int length = 0; length < secured.length; length++) {
            assertThat(pair.arrives(Arrays.copyOf(secured, length))).isEqualTo(Verdict.FORGED);
        }
        assertThat(pair.arrives(rtp(THEIRS, 101, 160))).as("plain").isEqualTo(Verdict.FORGED);
        assertThat(pair.arrives(secured)).as("and nothing is lost").isEqualTo(Verdict.GENUINE);
        assertThat(openedReport(pair.here, securedReport)).isEqualTo(Verdict.GENUINE);
    }

    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void aPacketIsLetInOnceWithinAndNotBeforeTheWindow(SrtpSuite suite) {
        Pair pair = new Pair(suite);
        byte[] old = pair.sent(1);
        byte[] late = pair.sent(50);
        byte[] newest = pair.sent(100);
        assertThat(pair.arrives(newest)).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(newest)).isEqualTo(Verdict.REPLAYED);
        assertThat(pair.arrives(late)).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(late)).isEqualTo(Verdict.REPLAYED);
        assertThat(pair.arrives(old)).as("99 before the newest").isEqualTo(Verdict.REPLAYED);
    }

    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void theSequenceNumberMayGoRoundAgainAndAgain(SrtpSuite suite) {
        Pair pair = new Pair(suite);
        for (int i = 0; i < 3 * 65_536; i += 31) {
            byte[] overtaken = pair.sent(i & 0xFFFF);
            byte[] next = pair.sent((i + 1) & 0xFFFF);
            assertThat(pair.arrives(next)).as("packet %d", i + 1).isEqualTo(Verdict.GENUINE);
            assertThat(pair.arrives(overtaken)).as("packet %d", i).isEqualTo(Verdict.GENUINE);
        }
    }

    /** RFC 3711 §3.3.1 tells senders to start low; those who do not are understood all the same. */
    @Test
    void aSenderThatWrapsBeforeAnythingOfItArrivesIsHeard() {
        Pair pair = new Pair(SrtpSuite.AES_CM_128_HMAC_SHA1_80);
        byte[] lost = pair.sent(65_530);
        for (int sequence = 65_531; sequence < 65_536; sequence++) {
            pair.sent(sequence);
        }
        assertThat(lost).isNotEmpty();
        assertThat(pair.arrives(pair.sent(3))).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(pair.sent(4))).isEqualTo(Verdict.GENUINE);
    }

    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void contextsGoOnWithTheirKeyAndStartAnewWithAnother(SrtpSuite suite) {
        Pair pair = new Pair(suite);
        byte[] first = pair.sent(65_000);
        assertThat(pair.arrives(first)).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(pair.sent(65_535))).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(pair.sent(5))).as("gone round").isEqualTo(Verdict.GENUINE);
        SrtpKeys same = new SrtpKeys(pair.fromHere, pair.fromThere);
        pair.here.agreed(same);
        assertThat(pair.arrives(pair.sent(6))).isEqualTo(Verdict.GENUINE);
        assertThat(pair.arrives(first)).as("still remembered").isEqualTo(Verdict.REPLAYED);

        SrtpKey next = SrtpKey.random(suite, random);
        byte[] withOldKey = pair.sent(7);
        pair.here.agreed(new SrtpKeys(pair.fromHere, next));
        assertThat(pair.arrives(withOldKey)).isEqualTo(Verdict.FORGED);
        pair.there.agreed(new SrtpKeys(next, pair.fromHere));
        assertThat(pair.arrives(pair.sent(8))).isEqualTo(Verdict.GENUINE);
        assertThat(opened(pair.there, protectedBy(pair.here, rtp(OURS, 9, 160))))
                .as("the direction that kept its key")
                .isEqualTo(Verdict.GENUINE);
    }

    /** Who has sent as many packets with these keys, of which none arrives. */
    private static SrtpSession sender(SrtpKeys keys, int packets) {
        SrtpSession session = new SrtpSession(keys, THEIRS);
        for (int i = 0; i < packets; i += 1000) {
            assertThat(protectedBy(session, rtp(THEIRS, i & 0xFFFF, 160))).isNotEmpty();
        }
        return session;
    }

    private Verdict arrives(SrtpSession here, SrtpSession from, int packet) {
        return opened(here, protectedBy(from, rtp(THEIRS, packet & 0xFFFF, 160)));
    }

    /** RFC 3711 §3.3.1 keeps the roll-over counter over keys, RFC 4568 §7.1.4 does not always. */
    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void behindANewKeyTheRollOverCounterIsKeptOrBeginsAtZero(SrtpSuite suite) {
        Pair pair = new Pair(suite);
        for (int i = 0; i < 140_000; i += 500) {
            assertThat(pair.arrives(pair.sent(i & 0xFFFF))).isEqualTo(Verdict.GENUINE);
        }
        SrtpKey unused = SrtpKey.random(suite, random);
        SrtpKey second = SrtpKey.random(suite, random);
        pair.here.agreed(new SrtpKeys(pair.fromHere, unused));
        pair.here.agreed(new SrtpKeys(pair.fromHere, second));
        SrtpSession keeps = sender(new SrtpKeys(second, pair.fromHere), 140_000);
        assertThat(arrives(pair.here, keeps, 140_001)).as("kept").isEqualTo(Verdict.GENUINE);
        for (int i = 140_500; i < 196_000; i += 500) {
            assertThat(arrives(pair.here, keeps, i)).isEqualTo(Verdict.GENUINE);
        }

        SrtpKey third = SrtpKey.random(suite, random);
        pair.here.agreed(new SrtpKeys(pair.fromHere, third));
        SrtpSession goesRound = sender(new SrtpKeys(third, pair.fromHere), 199_000);
        assertThat(arrives(pair.here, goesRound, 199_001))
                .as("gone round meanwhile")
                .isEqualTo(Verdict.GENUINE);

        SrtpKey fourth = SrtpKey.random(suite, random);
        pair.here.agreed(new SrtpKeys(pair.fromHere, fourth));
        SrtpSession begins = sender(new SrtpKeys(fourth, pair.fromHere), 0);
        assertThat(arrives(pair.here, begins, 199_002)).as("at zero").isEqualTo(Verdict.GENUINE);
        assertThat(arrives(pair.here, begins, 199_003)).isEqualTo(Verdict.GENUINE);
        assertThat(arrives(pair.here, goesRound, 199_004)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void aSequenceNumberIsNeverUsedTwiceUnderOneKey() {
        Pair pair = new Pair(SrtpSuite.AEAD_AES_128_GCM);
        assertThat(protectedBy(pair.here, rtp(OURS, 10, 160))).isNotEmpty();
        assertThat(protectedBy(pair.here, rtp(OURS, 10, 80))).isEmpty();
        assertThat(protectedBy(pair.here, rtp(OURS, 12, 160))).isNotEmpty();
        assertThat(protectedBy(pair.here, rtp(OURS, 11, 160))).as("overtaken").isNotEmpty();
    }

    /** Made-up SSRCs are derived for and forgotten; those of the peer stay. */
    @Test
    void strangeSourcesPushNobodyOut() {
        Pair pair = new Pair(SrtpSuite.AES_CM_128_HMAC_SHA1_80);
        byte[] first = pair.sent(1);
        assertThat(pair.arrives(first)).isEqualTo(Verdict.GENUINE);
        for (int source = 0; source < 100; source++) {
            byte[] forged = pair.sent(2 + source);
            ByteBuffer.wrap(forged).putInt(8, source);
            assertThat(pair.arrives(forged)).isEqualTo(Verdict.FORGED);
        }
        assertThat(pair.arrives(first)).isEqualTo(Verdict.REPLAYED);
        assertThat(pair.arrives(pair.sent(200))).isEqualTo(Verdict.GENUINE);
    }

    @Test
    void whatIsTooLongIsNotProtected() {
        Pair pair = new Pair(SrtpSuite.AEAD_AES_256_GCM);
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        assertThat(pair.here.protect(buffer, 0, 2049, buffer)).isEqualTo(-1);
        assertThat(pair.here.unprotect(buffer, 2049)).isEqualTo(Verdict.FORGED);
    }

    @Test
    void aKeyShowsNothingOfItself() {
        SrtpKey key = SrtpKey.random(SrtpSuite.AEAD_AES_128_GCM, random);
        assertThat(key).hasToString("SrtpKey[AEAD_AES_128_GCM]");
        assertThat(new SrtpKeys(key, key).toString()).contains("[AEAD_AES_128_GCM]");
        assertThat(SrtpKey.of(SrtpSuite.AEAD_AES_128_GCM, new byte[30])).isNull();
    }
}
