package org.consentgateway.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.consentgateway.testkit.fuzz.Door;

/** A session description: what is agreed is answered, in words that we read ourselves. */
final class SdpDoor implements Door {
    private static final int LONGEST = 8192;
    private static final InetSocketAddress LOCAL =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.10"), 20_000);

    private static byte[] sdp(String more) {
        return ("v=0\r\no=- 7 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n" + more)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static final List<byte[]> SEEDS =
            List.of(
                    sdp(
                            """
                            m=audio 4000 RTP/AVP 8 0 101\r
                            a=rtpmap:101 telephone-event/8000\r
                            a=fmtp:101 0-15\r
                            a=ptime:20\r
                            a=sendrecv\r
                            """),
                    sdp(
                            "m=audio 4000/2 RTP/SAVP 97 100\r\nc=IN IP6 2001:db8::1/3\r\n"
                                    + "a=rtpmap:97 pcma/8000/1\r\na=rtcp:4001 IN IP4 192.0.2.6\r\n"
                                    + "a=rtcp-mux\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:"
                                    + "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR|2^31|1:4 KDR=1\r\n"
                                    + "a=crypto:2 AEAD_AES_128_GCM inline:"
                                    + "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaQ== WSH=64\r\n"),
                    sdp("m=video 5000 RTP/AVP 96\r\nm=audio 0 RTP/AVP 8\r\na=inactive\r\n"));

    @Override
    public List<byte[]> seeds() {
        return SEEDS;
    }

    @Override
    public int longest() {
        return LONGEST;
    }

    @Override
    public List<String> words() {
        return List.of(
                "m=audio ",
                "m=text ",
                "RTP/AVP",
                "RTP/SAVP",
                "RTP/AVPF",
                "c=IN IP4 ",
                "c=IN IP6 ",
                "a=rtpmap:",
                "a=fmtp:",
                "a=crypto:",
                "a=ptime:",
                "a=rtcp:",
                "a=rtcp-mux",
                "a=sendonly",
                "a=recvonly",
                "telephone-event/8000",
                "opus/48000/2",
                "G722/8000",
                "L16/16000",
                "t140/1000",
                "red/1000",
                "inline:",
                "AES_CM_128_HMAC_SHA1_80",
                "0.0.0.0",
                "::",
                "4294967296",
                "-1",
                "\r\n");
    }

    @Override
    public void takes(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        if (SdpParse.parse(text) instanceof SdpParse.Ok(SessionDescription description)) {
            for (Srtp srtp : Srtp.values()) {
                answer(description, srtp);
            }
        }
    }

    private static void answer(SessionDescription offer, Srtp srtp) {
        if (Negotiation.of(offer, new Everywhere(), srtp) instanceof Negotiation.Agreed agreed) {
            LocalDescription.Answer answer =
                    Objects.requireNonNull(
                            new LocalDescription(new LocalMedia(LOCAL, () -> LOCAL), 1, srtp)
                                    .answer(offer, agreed));
            assertThat(SdpParse.parse(answer.sdp())).isInstanceOf(SdpParse.Ok.class);
            Negotiation.AudioStream audio = answer.agreed().audio();
            Negotiation.TextStream text = answer.agreed().text();
            boolean plain =
                    (audio != null && audio.peer().keys() == null)
                            || (text != null && text.peer().keys() == null);
            assertThat(srtp == Srtp.REQUIRED && plain).isFalse();
        }
    }
}
