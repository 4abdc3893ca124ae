package org.consentgateway.sip.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.G711;
import org.consentgateway.media.srtp.SrtpKeys;
import org.consentgateway.media.srtp.SrtpSuite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SrtpNegotiationTest {
    private static final String KEY = "PS1uQCVeeCFCanVmcjkpPywjNWhcYD0mXXtxaVBR";
    private static final String LINE = "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY;

    /** One side of a session. */
    private static final class Side {
        final LocalDescription local;
        final Srtp use;

        Side(String host, Srtp use) {
            this.use = use;
            local =
                    new LocalDescription(
                            LocalMedia.ofAudio(
                                    new InetSocketAddress(InetAddress.ofLiteral(host), 20_000)),
                            1,
                            use);
        }

        String offers() {
            return local.offer(
                    new OfferedSound(List.of(G711.PCMA), OfferedSound.NO_OPUS),
                    MediaPeer.Direction.SENDRECV);
        }

        String offersAgain() {
            var any = new InetSocketAddress(InetAddress.ofLiteral("192.0.2.99"), 4000);
            var peer = new MediaPeer(any, any, MediaPeer.Direction.SENDRECV, Set.of());
            var audio =
                    new Negotiation.AudioStream(0, new MediaFormat(G711.PCMA, 8, 101), peer, null);
            return local.offerAgain(new Negotiation.Agreed(audio, null));
        }

        LocalDescription.@Nullable Answer answers(String offer) {
            return Negotiation.of(parsed(offer), new Everywhere(), use)
                            instanceof Negotiation.Agreed agreed
                    ? local.answer(parsed(offer), agreed)
                    : null;
        }

        Negotiation.@Nullable Agreed hears(String answer) {
            return Negotiation.of(parsed(answer), new Everywhere(), use)
                            instanceof Negotiation.Agreed agreed
                    ? local.answered(parsed(answer), agreed)
                    : null;
        }
    }

    private static SessionDescription parsed(String text) {
        return switch (SdpParse.parse(text)) {
            case SdpParse.Ok(SessionDescription description) -> description;
            case SdpParse.Malformed(String why) -> throw new AssertionError(why);
        };
    }

    private final Side here = new Side("192.0.2.10", Srtp.OPTIONAL);
    private final Side there = new Side("192.0.2.20", Srtp.OPTIONAL);

    private static LocalDescription.Answer answer(Side from, String offer) {
        return Objects.requireNonNull(from.answers(offer));
    }

    private static Negotiation.AudioStream audio(Negotiation.Agreed agreed) {
        return Objects.requireNonNull(agreed.audio());
    }

    private static SrtpKeys keys(Negotiation.@Nullable Agreed agreed) {
        return Objects.requireNonNull(audio(Objects.requireNonNull(agreed)).peer().keys());
    }

    private static String offer(String protocol, String... lines) {
        return "v=0\r\no=- 7 7 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                + "m=audio 4000 "
                + protocol
                + " 8\r\n"
                + String.join("\r\n", lines)
                + "\r\n";
    }

    @ParameterizedTest
    @CsvSource({
        "OFF,      OFF,      RTP/AVP,  plain",
        "OFF,      OPTIONAL, RTP/AVP,  plain",
        "OFF,      REQUIRED, RTP/AVP,  refused",
        "OPTIONAL, OFF,      RTP/AVP,  plain",
        "OPTIONAL, OPTIONAL, RTP/AVP,  secure",
        "OPTIONAL, REQUIRED, RTP/AVP,  secure",
        "REQUIRED, OFF,      RTP/SAVP, refused",
        "REQUIRED, OPTIONAL, RTP/SAVP, secure",
        "REQUIRED, REQUIRED, RTP/SAVP, secure",
    })
    void whatComesOfAnOfferAndItsAnswer(
            Srtp offering, Srtp answering, String protocol, String outcome) {
        Side offerer = new Side("192.0.2.10", offering);
        Side answerer = new Side("192.0.2.20", answering);
        String offer = offerer.offers();
        assertThat(offer).contains("m=audio 20000 " + protocol + " 8");
        LocalDescription.Answer answer = answerer.answers(offer);
        if (outcome.equals("refused")) {
            assertThat(answer).isNull();
            return;
        }
        String text = Objects.requireNonNull(answer).sdp();
        assertThat(text).contains("m=audio 20000 " + protocol + " 8");
        Negotiation.Agreed heard = Objects.requireNonNull(offerer.hears(text));
        if (outcome.equals("plain")) {
            assertThat(audio(heard).peer().keys()).isNull();
            assertThat(audio(answer.agreed()).peer().keys()).isNull();
            assertThat(text).doesNotContain("a=crypto");
        } else {
            SrtpKeys ours = keys(heard);
            SrtpKeys theirs = keys(answer.agreed());
            assertThat(ours.sending()).isEqualTo(theirs.receiving());
            assertThat(ours.receiving()).isEqualTo(theirs.sending());
            assertThat(ours.sending()).isNotEqualTo(ours.receiving());
            assertThat(ours.sending().suite()).isEqualTo(SrtpSuite.AEAD_AES_256_GCM);
        }
    }

    @Test
    void theFirstSuiteOfTheOffererThatWeHaveIsTakenAndItsTagRepeated() {
        String text =
                answer(
                                there,
                                offer(
                                        "RTP/SAVP",
                                        "a=crypto:3 F8_128_HMAC_SHA1_80 inline:" + KEY,
                                        "a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:" + KEY,
                                        "a=crypto:8 AES_CM_128_HMAC_SHA1_80 inline:" + KEY))
                        .sdp();
        assertThat(text).containsPattern("a=crypto:7 AES_CM_128_HMAC_SHA1_32 inline:[^\r]{40}\r\n");
        assertThat(text).doesNotContain(KEY).doesNotContain("a=crypto:8");
    }

    @Test
    void aRepeatedOfferKeepsBothKeys() {
        String offer = here.offers();
        LocalDescription.Answer first = answer(there, offer);
        SrtpKeys keys = keys(here.hears(first.sdp()));
        String again = here.offersAgain();
        assertThat(again).containsOnlyOnce("a=crypto:");
        LocalDescription.Answer second = answer(there, again);
        assertThat(second.agreed()).isEqualTo(first.agreed());
        assertThat(second.sdp()).isEqualTo(first.sdp());
        assertThat(keys(here.hears(second.sdp()))).isEqualTo(keys);
    }

    /** A new key, or a new place, may be a new party that counts from zero. */
    @Test
    void anotherKeyOrAnotherPlaceOfThePeerChangesOurs() {
        String offer = offer("RTP/SAVP", "a=crypto:" + LINE);
        SrtpKeys first = keys(answer(there, offer).agreed());
        assertThat(keys(answer(there, offer).agreed())).isEqualTo(first);
        String held = offer.replace("c=IN IP4 192.0.2.1", "c=IN IP4 0.0.0.0");
        assertThat(keys(answer(there, held).agreed())).as("hold").isEqualTo(first);
        assertThat(keys(answer(there, offer).agreed())).as("resumed").isEqualTo(first);

        SrtpKeys moved = keys(answer(there, offer.replace("4000", "4400")).agreed());
        assertThat(moved.receiving()).isEqualTo(first.receiving());
        assertThat(moved.sending()).isNotEqualTo(first.sending());

        String other = KEY.replace('P', 'Q');
        SrtpKeys rekeyed = keys(answer(there, offer.replace(KEY, other)).agreed());
        assertThat(rekeyed.receiving()).isNotEqualTo(first.receiving());
        assertThat(rekeyed.sending()).isNotEqualTo(moved.sending());
    }

    @Test
    void anAnswerWithATagOrASuiteWeDidNotOfferIsNone() {
        here.offers();
        assertThat(here.hears(offer("RTP/AVP", "a=crypto:99" + LINE.substring(1)))).isNull();
        assertThat(here.hears(offer("RTP/AVP", "a=crypto:" + LINE)))
                .as("tag 1 stands for another suite")
                .isNull();
        assertThat(here.hears(offer("RTP/AVP", "a=crypto:3" + LINE.substring(1)))).isNotNull();
    }

    @Test
    void whereSrtpIsRequiredAPlainAnswerIsNone() {
        Side strict = new Side("192.0.2.10", Srtp.REQUIRED);
        strict.offers();
        assertThat(strict.hears(offer("RTP/AVP"))).isNull();
        assertThat(strict.hears(offer("RTP/SAVP"))).isNull();
        assertThat(Negotiation.of(parsed(offer("RTP/AVP")), new Everywhere(), Srtp.REQUIRED))
                .isInstanceOfSatisfying(
                        Negotiation.Refused.class,
                        refused ->
                                assertThat(refused.lack()).isEqualTo(Negotiation.Lack.ENCRYPTION));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LINE,
                LINE + "|2^31",
                LINE + "|2^20",
                LINE + "|1048576",
                LINE + " WSH=128",
                LINE + " -FEC_ORDER=SRTP_FEC",
                "1 aes_cm_128_hmac_sha1_80 inline:" + KEY,
            })
    void aLineWeCanDo(String value) {
        assertThat(Crypto.parse(value)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "x AES_CM_128_HMAC_SHA1_80 inline:" + KEY,
                "1 AES_CM_128_HMAC_SHA1_80 inline:",
                "1 AES_CM_128_HMAC_SHA1_80 inline:" + KEY + "AAAA",
                "1 AEAD_AES_128_GCM inline:" + KEY,
                "1 AES_256_CM_HMAC_SHA1_80 inline:" + KEY,
                "1 AES_CM_128_HMAC_SHA1_80 uri:" + KEY,
                LINE + "|2^20|1:4",
                LINE + "|2^19",
                LINE + "|1000",
                LINE + "|2^999",
                LINE + ";inline:" + KEY,
                LINE + " UNENCRYPTED_SRTP",
                LINE + " UNAUTHENTICATED_SRTP",
                LINE + " KDR=1",
                LINE + " UNENCRYPTED_SRTCP WSH=64",
            })
    void aLineWeCannotDoIsNone(String value) {
        assertThat(Crypto.parse(value)).isNull();
    }

    @Test
    void noKeyPrints() {
        LocalDescription.Answer answer =
                answer(there, offer("RTP/SAVP", "a=crypto:" + LINE + "|2^31"));
        String shown = answer + " " + parsed(offer("RTP/SAVP", "a=crypto:" + LINE));
        assertThat(shown).contains("AES_CM_128_HMAC_SHA1_80").doesNotContain(KEY);
        String ours = answer.sdp().replaceAll("(?s).*inline:(\\S+).*", "$1");
        assertThat(ours).hasSize(40);
        assertThat(shown).doesNotContain(ours);
    }
}
