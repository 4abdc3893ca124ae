package org.consentgateway.settings;

import java.time.Period;
import java.util.List;
import org.consentgateway.config.Setting;
import org.consentgateway.consent.ValidityPeriod;

/**
 * {@code levels}: a named set of purposes. Immutable.
 *
 * @param purposes all of them, in the order in which they are asked for
 * @param retention of the record, from the day on which the consent ends as it was given, also
 *     where it was withdrawn before
 * @param withdrawalPhrase whether the words of withdrawal are listened for at any moment, here and
 *     storing nothing
 */
public record LevelConfig(
        @Setting(
                        example = "basis",
                        form = "[a-z][a-z0-9-]{0,19}",
                        formInWords = "small letters, digits and - only (up to 20)")
                String id,
        @Setting(
                        example = "[assistant]",
                        atLeast = "1",
                        form = "[a-z][a-z0-9-]{0,39}",
                        formInWords = "small letters, digits and - only")
                List<String> purposes,
        @Setting(byDefault = "call") ValidityPeriod validity,
        @Setting(byDefault = "P3Y") Period retention,
        @Setting(byDefault = "true") boolean withdrawalPhrase) {}
