package org.consentgateway.console.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person knows and what a person has, as others make and check them. */
class SecretsTest {
    /** That of RFC 6238, appendix B, in base32. */
    private static final TotpSecret OF_THE_RFC = new TotpSecret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void codesAreThoseOfTheStandard(long at, String code) {
        assertThat(OF_THE_RFC.code(Instant.ofEpochSecond(at))).isEqualTo(code);
    }

    @Test
    void aCodeCountsAHalfMinuteBeforeAndBehindAndNoLonger() {
        Instant at = Instant.ofEpochSecond(1_111_111_111);
        String code = OF_THE_RFC.code(at);

        assertThat(OF_THE_RFC.stepOf(code, at)).isPresent();
        assertThat(OF_THE_RFC.stepOf(code, at.plusSeconds(30))).isPresent();
        assertThat(OF_THE_RFC.stepOf(code, at.minusSeconds(30))).isPresent();
        assertThat(OF_THE_RFC.stepOf(code, at.plusSeconds(60))).isEmpty();
        assertThat(OF_THE_RFC.stepOf(code, at.minusSeconds(60))).isEmpty();
        assertThat(OF_THE_RFC.stepOf("050 471", at)).isPresent();
        assertThat(OF_THE_RFC.stepOf("", at)).isEmpty();
    }

    @Test
    void anAppIsToldTheSecret() {
        TotpSecret secret = TotpSecret.mint(new SecureRandom());

        assertThat(secret.uri("ada")).startsWith("otpauth://totp/").contains(secret.base32());
        assertThat(secret.toString()).doesNotContain(secret.base32());
    }

    /** Made by the reference program of Argon2. */
    @Test
    void aHashMadeElsewhereIsUnderstood() {
        var hash =
                new PasswordHash(
                        "$argon2id$v=19$m=4096,t=2,p=1$c29tZXNhbHQxMjM0$NJfG3D5f9YAME0n1ANUdBtUvTjIELoGZ0NGiNbvLYww");

        assertThat(hash.matches("password".toCharArray())).isTrue();
        assertThat(hash.matches("differentpassword".toCharArray())).isFalse();
    }

    @Test
    void aPasswordOpensItsOwnHashOnly() {
        var random = new SecureRandom();
        PasswordHash one = PasswordHash.of("wörter, die nicht passen".toCharArray(), random);
        PasswordHash same = PasswordHash.of("wörter, die nicht passen".toCharArray(), random);

        assertThat(one.matches("wörter, die nicht passen".toCharArray())).isTrue();
        assertThat(one.matches("worter, die nicht passen".toCharArray())).isFalse();
        assertThat(one.text())
                .isNotEqualTo(same.text())
                .startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(one.toString()).isEqualTo("PasswordHash");
    }

    @Test
    void whatIsNoHashIsRefused() {
        for (String text :
                new String[] {
                    "",
                    "password",
                    "$argon2i$v=19$m=16,t=1,p=1$c29tZXNhbHQ$" + "A".repeat(43),
                    "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$" + "A".repeat(43)
                }) {
            assertThatThrownBy(() -> new PasswordHash(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("A".repeat(43));
        }
    }
}
