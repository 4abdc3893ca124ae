package org.consentgateway.target;

import java.util.Optional;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.consentgateway.token.CallerPseudonyms;
import org.consentgateway.token.ConsentTokens;
import org.consentgateway.tracing.TraceParent;

/** Thread-safe. Introduces callers to assistants, by whatever protocol those are reached. */
public final class Introductions {
    private final ConsentTokens tokens;
    private final CallerPseudonyms pseudonyms;
    private final boolean traced;

    /**
     * @param traced whether assistants are told where in a trace their call belongs
     */
    public Introductions(ConsentTokens tokens, CallerPseudonyms pseudonyms, boolean traced) {
        this.tokens = tokens;
        this.pseudonyms = pseudonyms;
        this.traced = traced;
    }

    /** Immutable. To whom. */
    public record Audience(String name, CallerShown shown) {}

    /**
     * In the middle of a call, with a token for what was granted since, or what is left.
     *
     * @param name of the assistant
     */
    public PurposeReport report(Introduction before, String name, PurposeNews news) {
        return PurposeReport.of(news, now -> tokens.issue(now, name, before.pseudonym()));
    }

    /**
     * @param language spoken with the caller
     */
    public Introduction of(
            CallerIdentity caller,
            DurableGrant grant,
            CallFacts facts,
            String language,
            Audience to) {
        Optional<String> number = Optional.of(caller.number()).filter(n -> !n.isEmpty());
        Optional<String> pseudonym =
                number.filter(_ -> to.shown().showsPseudonym(facts)).map(pseudonyms::of);
        return new Introduction(
                grant,
                facts,
                language,
                tokens.issue(grant, to.name(), pseudonym),
                pseudonym,
                number.filter(_ -> to.shown().showsNumber(facts, grant)),
                traced ? Optional.of(new TraceParent(facts.callId())) : Optional.empty());
    }
}
