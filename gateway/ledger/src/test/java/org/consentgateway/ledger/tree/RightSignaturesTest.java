package org.consentgateway.ledger.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import org.junit.jupiter.api.Test;

class RightSignaturesTest {
    @Test
    void whatWasRightOnceIsRightForItsOwnKeyMessageAndSignatureOnly() throws Exception {
        KeyPair pair = pair();
        VerifierKey key = VerifierKey.of("log", pair.getPublic());
        VerifierKey other = VerifierKey.of("log", pair().getPublic());
        byte[] message = "eight entries".getBytes(StandardCharsets.UTF_8);
        byte[] changed = "seven entries".getBytes(StandardCharsets.UTF_8);
        Signature ed25519 = Signature.getInstance("Ed25519");
        ed25519.initSign(pair.getPrivate());
        ed25519.update(message);
        byte[] signature = ed25519.sign();
        byte[] forged = signature.clone();
        forged[3] ^= 1;

        for (int time = 0; time < 2; time++) {
            assertThat(key.verifies(message, signature)).isTrue();
            assertThat(key.verifies(changed, signature)).isFalse();
            assertThat(key.verifies(message, forged)).isFalse();
            assertThat(other.verifies(message, signature)).isFalse();
        }
    }

    private static KeyPair pair() throws GeneralSecurityException {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }
}
