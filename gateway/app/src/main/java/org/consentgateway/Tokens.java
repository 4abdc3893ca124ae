package org.consentgateway;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.consentgateway.ledger.keys.JwsKeys;
import org.consentgateway.ledger.keys.KeyFiles;
import org.consentgateway.settings.GatewayConfig;
import org.consentgateway.token.CallerPseudonyms;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.token.TokenKeys;

/** Thread-safe. What others outside check consents by, and know callers by. */
record Tokens(ConsentTokens consents, CallerPseudonyms callers) {
    static Tokens open(Startup startup) throws IOException {
        GatewayConfig config = startup.config();
        Path keys = config.store().keys();
        return new Tokens(
                new ConsentTokens(
                        new TokenKeys(
                                JwsKeys.open(
                                        keys, config.node().id(), config.tokens().algorithm())),
                        startup.settings().tokens(),
                        startup.clock(),
                        new SecureRandom()),
                new CallerPseudonyms(KeyFiles.callerKey(keys)));
    }
}
