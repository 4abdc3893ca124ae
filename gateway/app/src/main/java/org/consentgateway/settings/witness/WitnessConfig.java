package org.consentgateway.settings.witness;

import java.net.URI;
import org.consentgateway.config.Setting;

/**
 * Immutable. Somebody else who sees each checkpoint, and cosigns it where it continues the one
 * before.
 *
 * @param url prefix of a C2SP tlog-witness
 * @param key its public key, which its answers are checked against
 * @param enabled whether it is asked at all
 */
public record WitnessConfig(
        @Setting(example = "auditor", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(example = "https://witness.example/") URI url,
        @Setting(example = "witness.example/w1+…+…") String key,
        @Setting(byDefault = "true") boolean enabled) {}
