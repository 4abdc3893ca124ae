package org.consentgateway.sip.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sip.message.Request;

/**
 * What an INVITE says of its call, for as long as that lasts. The message itself is not kept: as
 * the parser leaves it, it takes some 10 KB. Immutable.
 *
 * @param takesPlaces whether its sender can be told to take the place of somebody else in another
 *     call (REFER with Replaces, RFC 3891)
 * @param passed headers that may go on to the next leg, by name
 * @param introduction what another gateway tells of the consent, by name
 * @param languages as the caller prefers them
 */
public record CallHeaders(
        boolean takesPlaces,
        Map<String, List<String>> passed,
        Map<String, String> introduction,
        List<String> languages) {
    /** Headers that may go on to the next leg; anything else, X-Consent-* first, stays here. */
    private static final List<String> PASSED = List.of("History-Info", "Diversion", "User-to-User");

    /** Those of them that never bear the caller's own number. */
    private static final List<String> PASSED_WHERE_WITHHELD = List.of("User-to-User");

    /**
     * @param withheld whether the caller's number is
     */
    public static CallHeaders of(Request invite, boolean withheld) {
        return new CallHeaders(
                HeaderText.tokens(invite, "Allow").contains("refer")
                        && HeaderText.tokens(invite, "Supported").contains(Replaces.OPTION),
                passed(invite, withheld ? PASSED_WHERE_WITHHELD : PASSED),
                introduction(invite),
                AcceptedLanguages.of(HeaderText.values(invite, "Accept-Language")));
    }

    private static Map<String, List<String>> passed(Request invite, List<String> names) {
        Map<String, List<String>> passed = new LinkedHashMap<>();
        for (String name : names) {
            List<String> values = HeaderText.values(invite, name);
            if (!values.isEmpty()) {
                passed.put(name, new ArrayList<>(values));
            }
        }
        return passed;
    }

    private static Map<String, String> introduction(Request invite) {
        Map<String, String> told = new LinkedHashMap<>();
        for (String name : OwnHeaders.in(invite.getHeaderNames())) {
            told.put(name, String.join(", ", HeaderText.values(invite, name)));
        }
        return told;
    }
}
