package org.consentgateway.console.page;

import java.util.List;
import org.consentgateway.console.Visit;

/**
 * Immutable. What is shown of a withdrawal that is in no log yet, made of nothing that would have
 * to be read from there.
 *
 * @param token of the form in it
 * @param consent id
 * @param once as the form bore it that was sent: sent again, it is the same request
 * @param again whether it has to be sent again
 * @param cautions what is to be known of it, and what to do
 */
public record WithdrawalView(
        String token, String consent, String once, boolean again, List<String> cautions) {

    /** It may be in this process alone, which forgets it. */
    static WithdrawalView again(Visit visit, String consent) {
        return of(visit, consent, true, List.of("again"));
    }

    /** It is on this machine's disk. */
    static WithdrawalView kept(Visit visit, String consent, List<String> cautions) {
        return of(visit, consent, false, cautions);
    }

    private static WithdrawalView of(
            Visit visit, String consent, boolean again, List<String> cautions) {
        return new WithdrawalView(
                visit.session().formToken(),
                consent,
                visit.form("once"),
                again,
                cautions.stream().map(each -> visit.words().of("consents." + each)).toList());
    }
}
