package org.consentgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.consentgateway.ledger.keys.Pseudonyms;
import org.consentgateway.ledger.keys.SecretKeys;
import org.junit.jupiter.api.Test;

class PseudonymsTest {
    private static final String NUMBER = "+4930123456";

    private final SecretKeys keys = new SecretKeys(List.of(SecretKeys.Key.create()));
    private final Pseudonyms pseudonyms = new Pseudonyms(keys);

    /** A hash without a key would do for nobody: all numbers of a country can be tried. */
    @Test
    void aPseudonymIsTheNumberUnderASecretKey() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(keys.current().bytes(), "HmacSHA256"));
        byte[] hash = mac.doFinal(("subject:" + NUMBER).getBytes(StandardCharsets.UTF_8));

        assertThat(pseudonyms.subject(NUMBER).current())
                .isEqualTo(
                        keys.current().id()
                                + "."
                                + Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
    }

    @Test
    void aRotatedKeyGivesANewPseudonymAndTheOldOneIsFound() {
        String before = pseudonyms.subject(NUMBER).current();
        pseudonyms.replace(keys.rotated());

        assertThat(pseudonyms.subject(NUMBER).current()).isNotEqualTo(before);
        assertThat(pseudonyms.subject(NUMBER).pseudonyms()).hasSize(2).endsWith(before);
    }

    @Test
    void whatIsNoNumberIsRefusedWithoutBeingSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pseudonyms.subject("0301234567"))
                .withMessageNotContaining("0301234567");
    }
}
