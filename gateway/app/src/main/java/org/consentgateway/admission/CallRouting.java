package org.consentgateway.admission;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.consentgateway.call.Calls;
import org.consentgateway.call.Line;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Pseudonymiser;
import org.consentgateway.consent.Subject;
import org.consentgateway.line.SharedParts;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which line a call is for, and whether it is let in: asks the dial plan and the admission control,
 * and hands a caller to the story. Thread-safe.
 */
public final class CallRouting implements CallHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CallRouting.class);
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");
    private static final int SERVICE_UNAVAILABLE = 503;

    private final DialPlan plan;
    private final AdmissionControl admission;
    private final Pseudonymiser pseudonyms;
    private final SharedParts shared;
    private final Supplier<UUID> ids;
    private final Set<String> askingForLanguages;

    /**
     * @param askingForLanguages names of the trunks whose Accept-Language is heeded
     */
    public CallRouting(
            DialPlan plan,
            AdmissionControl admission,
            Pseudonymiser pseudonyms,
            SharedParts shared,
            Supplier<UUID> ids,
            Set<String> askingForLanguages) {
        this.plan = plan;
        this.admission = admission;
        this.pseudonyms = pseudonyms;
        this.shared = shared;
        this.ids = ids;
        this.askingForLanguages = Set.copyOf(askingForLanguages);
    }

    /** From now on calls are taken; before, they get 503. */
    public void open(Calls taking) {
        admission.open(taking);
    }

    @Override
    public CallAdmission door(String trunk) {
        return admission.forNew(trunk);
    }

    @Override
    public CallAdmission admit(String trunk, String calledNumber) {
        if (plan.isEmergency(calledNumber)) {
            LOG.warn(
                    "trunk {} sent an emergency call: refused, for the network to route it"
                            + " elsewhere",
                    trunk);
            return new CallAdmission.Emergency();
        }
        return plan.line(trunk, calledNumber)
                .map(line -> admission.forLine(trunk, line))
                .orElseGet(CallAdmission.UnknownLine::new);
    }

    @Override
    public boolean takesCalls() {
        return admission.takesCalls();
    }

    @Override
    public void call(IncomingCall sip) {
        Line line = plan.line(sip.trunk(), sip.calledNumber()).orElseThrow();
        MediaLeg leg;
        try {
            leg = shared.media().open();
        } catch (PortsExhaustedException e) {
            LOG.warn(
                    "No RTP port could be opened: a call is refused. Widen media.ports, or see"
                            + " whether this machine still has media.address.");
            refuse(sip);
            return;
        }
        admission.enter(sip.trunk());
        CallFacts facts = facts(sip, line);
        sip.named(facts.callId());
        var caller = new TelephoneCaller(sip, facts, leg, shared, languages(sip));
        if (!admission.offer(caller, line)) {
            caller.dismiss();
            refuse(sip);
        }
    }

    private List<String> languages(IncomingCall sip) {
        return askingForLanguages.contains(sip.trunk()) ? sip.languages() : List.of();
    }

    private void refuse(IncomingCall sip) {
        sip.reject(
                SERVICE_UNAVAILABLE,
                "Service Unavailable",
                Map.of("Retry-After", Integer.toString(admission.retryAfterSeconds())));
    }

    private CallFacts facts(IncomingCall sip, Line line) {
        CallerIdentity caller = sip.caller();
        boolean present = !caller.withheld() && E164.matcher(caller.number()).matches();
        Subject subject = present ? pseudonyms.subject(caller.number()) : null;
        return new CallFacts(
                ids.get(),
                pseudonyms.sipCallId(sip.sipCallId()),
                sip.trunk(),
                line.id(),
                null,
                subject,
                present,
                caller.withheld(),
                caller.asserted());
    }
}
