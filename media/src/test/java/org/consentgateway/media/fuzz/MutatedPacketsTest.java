package org.consentgateway.media.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.rtp.CountedLosses;
import org.consentgateway.media.rtp.DtmfDecoder;
import org.consentgateway.media.rtp.JitterBuffer;
import org.consentgateway.media.rtp.RtcpReports;
import org.consentgateway.media.rtp.RtpDatagram;
import org.consentgateway.media.rtp.RtpReader;
import org.consentgateway.media.rtp.RtpReceiver;
import org.consentgateway.media.rtp.RtpSender;
import org.consentgateway.media.srtp.SrtpKey;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSession;
import org.consentgateway.media.srtp.SrtpSession.Verdict;
import org.consentgateway.media.srtp.SrtpSuite;
import org.consentgateway.testkit.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No datagram throws, hangs or, without the key, gets through. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MutatedPacketsTest {
    private static final int LONGEST = 2048;
    private static final List<byte[]> RTP =
            List.of(
                    hex("8008000a000000a000001234" + "d5".repeat(160)),
                    hex("80e50010000000a000001234010a00a0"),
                    hex("8065001200000640000012340b8a0320"),
                    hex("9208000c000000a0000012340000000100000002bede0001ffffffffd5d5d5d5"),
                    hex("a008000e000000a000001234d5d5d5d500000004"));
    private static final List<byte[]> RTCP =
            List.of(
                    hex(
                            "81c8000c0000123483aa7e80123456780000000a000000050000032000000999"
                                    + "1000000100000010000000050000002000000000"
                                    + "81ca00020000123401046162636400000000".substring(0, 24)),
                    hex("80c9000100001234" + "81ca0003000012340104616263640000"),
                    hex("80c9000100001234" + "81cb000100001234"),
                    hex("81c9000700000001000000020a0000050000aaaa000000100000000000000000"));

    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void rtp() {
        RtpReader reader = new RtpReader();
        RtpReceiver receiver = new RtpReceiver();
        JitterBuffer jitter = new JitterBuffer(new CountedLosses(), 0);
        List<String> keys = new ArrayList<>();
        DtmfDecoder decoder = new DtmfDecoder(keys(keys));
        RtpSender sender = new RtpSender(1, 2, 3);
        long[] now = {0};
        new Mutations(LONGEST, RTP)
                .at(input -> {
                    now[0] += 5_000_000;
                    datagram.put(0, input);
                    if (reader.read(datagram, input.length) instanceof RtpDatagram.Packet p) {
                        assertThat(p.payloadOffset() + p.payloadLength())
                                .isLessThanOrEqualTo(input.length);
                        receiver.packet(p.ssrc(), p.sequence(), now[0]);
                        receiver.timed(p.timestamp(), now[0]);
                        decoder.packet(
                                p.ssrc(),
                                p.timestamp(),
                                datagram,
                                p.payloadOffset(),
                                p.payloadLength(),
                                now[0]);
                        decoder.tick(now[0]);
                        jitter.audio(
                                p.sequence(),
                                p.timestamp(),
                                G711.PCMA,
                                datagram,
                                p.payloadOffset(),
                                p.payloadLength());
                        jitter.tick();
                        sender.relay(datagram, p.payloadOffset() - 12, 8, false, p, now[0]);
                    }
                });
        assertThat(keys).as("some inputs are right all the same").isNotEmpty();
    }

    private static DtmfDecoder.Keys keys(List<String> heard) {
        return new DtmfDecoder.Keys() {
            @Override
            public void keyDown(char digit, long atNanos) {
                assertThat("0123456789*#ABCD".indexOf(digit)).isNotNegative();
                heard.add("down");
            }

            @Override
            public void keyUp(char digit, int durationMillis, long atNanos) {
                assertThat(durationMillis).isNotNegative();
            }
        };
    }

    @Test
    void rtcp() {
        RtcpReports reports =
                new RtcpReports(
                        new RtpSender(0x1000_0001, 2, 3), new RtpReceiver(), "c", new Random(1));
        int[] understood = {0};
        new Mutations(LONGEST, RTCP)
                .at(input -> {
                    datagram.put(0, input);
                    if (reports.read(datagram, input.length, 1, 0x1234_5678_9ABC_DEF0L)) {
                        understood[0]++;
                    }
                    assertThat(reports.roundTripMillis()).isBetween(-1.0, 30_000.0);
                    assertThat(reports.farLostPackets()).isBetween(-1L, 0x7FFFFFL);
                });
        assertThat(understood[0]).isPositive();
    }

    @ParameterizedTest
    @EnumSource(SrtpSuite.class)
    void srtp(SrtpSuite suite) {
        SecureRandom random = new SecureRandom();
        SrtpKeys keys = new SrtpKeys(SrtpKey.random(suite, random), SrtpKey.random(suite, random));
        SrtpSession session = new SrtpSession(keys, 1);
        List<byte[]> genuine = new ArrayList<>();
        SrtpKey ours = keys.receiving();
        SrtpSession peer = new SrtpSession(new SrtpKeys(ours, keys.sending()), 0x1234);
        for (byte[] plain : RTP) {
            genuine.add(secured(peer, plain, false));
        }
        for (byte[] plain : RTCP) {
            genuine.add(secured(peer, plain, true));
        }
        new Mutations(LONGEST, genuine)
                .at(input -> {
                    boolean same =
                            genuine.stream().anyMatch(g -> java.util.Arrays.equals(g, input));
                    datagram.put(0, input);
                    Verdict rtp = session.unprotect(datagram, input.length);
                    datagram.put(0, input);
                    Verdict rtcp = session.unprotectReport(datagram, input.length);
                    if (!same) {
                        assertThat(rtp).isNotEqualTo(Verdict.GENUINE);
                        assertThat(rtcp).isNotEqualTo(Verdict.GENUINE);
                    }
                });
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
}
