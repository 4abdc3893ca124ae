package org.consentgateway.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    @Test
    void theDigestIsThatOfTheRfc() {
        // RFC 7616 §3.9.1.
        for (String[] expected :
                new String[][] {
                    {"MD5", "8ca523f5e9506fed4657c9700eebdbec"},
                    {"SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"}
                }) {
            Digest.Challenge challenge = strongest(ofTheRfc(expected[0])).orElseThrow();
            assertThat(
                            Digest.answer(
                                    challenge,
                                    new Digest.Who("Mufasa", "Circle of Life"),
                                    "GET",
                                    "/dir/index.html",
                                    1,
                                    "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"))
                    .contains("response=\"" + expected[1] + "\"");
        }
    }

    @Test
    void aChallengeWeCannotAnswerIsNone() {
        assertThat(strongest("Basic realm=\"x\"")).isEmpty();
        assertThat(strongest("Digest realm=\"x\", nonce=\"y\", algorithm=AKAv1-MD5")).isEmpty();
        assertThat(strongest("Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"")).isEmpty();
        assertThat(strongest("Digest nonce=\"y\"")).isEmpty();
    }

    @Test
    void anAlgorithmThatIsNotAllowedIsNotAnswered() {
        assertThat(
                        Digest.strongest(
                                List.of(ofTheRfc("MD5")),
                                EnumSet.of(DigestAlgorithm.SHA_256),
                                null))
                .isEmpty();
    }

    private static Optional<Digest.Challenge> strongest(String challenge) {
        return Digest.strongest(List.of(challenge), EnumSet.allOf(DigestAlgorithm.class), null);
    }

    private static String ofTheRfc(String algorithm) {
        return "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm="
                + algorithm
                + ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\","
                + " opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
    }

    /** A second is a thousand times what it takes; it was nine for 16,000 letters. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "x-", "x=\"", "x =", "x = ", "\\", "=", "\""})
    @Timeout(1)
    void noTextTakesLongToRead(String piece) {
        for (String before : new String[] {"Digest ", "Digest a=\"", "Digest a="}) {
            String value = before + piece.repeat(16_000);
            assertThat(Digest.strongest(List.of(value), Set.of(DigestAlgorithm.MD5), null))
                    .isEmpty();
        }
    }

    @Test
    void noLengthOfAQuotedWordIsTooDeep() {
        String value =
                "Digest realm=\"r\", nonce=\"n\", opaque=\"" + "x\\\\y".repeat(100_000) + "\"";
        assertThat(Digest.strongest(List.of(value), Set.of(DigestAlgorithm.MD5), null)).isPresent();
    }
}
