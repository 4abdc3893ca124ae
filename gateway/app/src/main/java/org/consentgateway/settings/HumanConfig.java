package org.consentgateway.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.consentgateway.config.Setting;
import org.consentgateway.config.SipUri;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.target.Transfer;

/**
 * {@code humans}: who is dialled where no assistant is. Immutable.
 *
 * @param trunk by whose account it is called; none: directly
 * @param transfer how the caller is brought to them
 * @param hours when they are there, in the time of the line; none: always
 * @param holidays on which they are not
 */
public record HumanConfig(
        @Setting(example = "human", form = Setting.NAME, formInWords = Setting.NAME_IN_WORDS)
                String name,
        @Setting(example = "sip:team@192.0.2.8:5060") SipUri uri,
        @Setting(byDefault = "", example = "carrier") Optional<String> trunk,
        @Setting(byDefault = "off") Srtp srtp,
        @Setting(byDefault = "30s", atLeast = "1s", atMost = "3m") Duration ringTimeout,
        @Setting(byDefault = "bridge") Transfer transfer,
        @Setting(
                        byDefault = "[]",
                        example = "[mon-fri 08:00-18:00]",
                        form = HOURS,
                        formInWords = HOURS_IN_WORDS)
                List<String> hours,
        @Setting(
                        byDefault = "[]",
                        example = "[12-25, 2026-12-24]",
                        form = "([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
                        formInWords = "days such as 2026-12-24, or 12-25 for every year")
                List<String> holidays) {
    static final String HOURS =
            "(mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))?"
                    + " ([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)";
    static final String HOURS_IN_WORDS = "days and times such as mon-fri 08:00-18:00";
}
