package org.consentgateway.admission;

import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.consentgateway.call.Calls;
import org.consentgateway.call.Line;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Pseudonymiser;
import org.consentgateway.consent.Subject;
import org.consentgateway.line.SharedParts.OwnMedia;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which line a call is for, and whether it is let in: asks the dial plan and the admission control,
 * and hands a caller to the story. Thread-safe.
 */
public final class CallRouting implements CallHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CallRouting.class);
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final String UNAVAILABLE = "Service Unavailable";

    private static final int NOT_FOUND = 404;

    private final AdmissionControl admission;
    private final Pseudonymiser pseudonyms;
    private final OwnMedia media;
    private final Supplier<UUID> ids;
    private volatile @Nullable CallTerms terms;

    public CallRouting(
            AdmissionControl admission,
            Pseudonymiser pseudonyms,
            OwnMedia media,
            Supplier<UUID> ids) {
        this.admission = admission;
        this.pseudonyms = pseudonyms;
        this.media = media;
        this.ids = ids;
    }

    /** What calls get that come from now on; those under way keep what they have. */
    public void use(CallTerms next) {
        terms = next;
    }

    /** From now on calls are taken; before, they get 503. */
    public void open(Calls taking) {
        admission.open(taking);
    }

    @Override
    public CallAdmission door(String trunk, boolean proven) {
        return admission.forNew(trunk, proven);
    }

    @Override
    public boolean serves(String trunk, String calledNumber) {
        CallTerms now = terms;
        return now == null // the door says that nobody is served yet
                || now.plan().isEmergency(calledNumber)
                || now.plan().line(trunk, calledNumber).isPresent();
    }

    @Override
    public CallAdmission admit(String trunk, String calledNumber) {
        CallTerms now = terms;
        if (now == null) {
            return new CallAdmission.Draining(); // the door was shut until now
        }
        if (now.plan().isEmergency(calledNumber)) {
            LOG.warn(
                    "trunk {} sent an emergency call: refused, for the network to route it"
                            + " elsewhere",
                    trunk);
            return new CallAdmission.Emergency();
        }
        return now.plan()
                .line(trunk, calledNumber)
                .map(line -> admission.forLine(trunk, line))
                .orElseGet(CallAdmission.UnknownLine::new);
    }

    @Override
    public boolean takesCalls() {
        return admission.takesCalls();
    }

    @Override
    public void call(IncomingCall sip) {
        CallTerms now = terms;
        Line line =
                now == null ? null : now.plan().line(sip.trunk(), sip.calledNumber()).orElse(null);
        if (now == null || line == null) {
            // It was there when the call was let in, and has been taken away since.
            sip.reject(Rejection.UNKNOWN_LINE, NOT_FOUND, "Not Found", Map.of());
            return;
        }
        MediaLeg leg;
        try {
            leg = media.open();
        } catch (PortsExhaustedException e) {
            LOG.warn(
                    "No RTP port could be opened: a call is refused. Widen media.ports, or see"
                            + " whether this machine still has media.address, and the process"
                            + " file descriptors left.");
            sip.reject(Rejection.NO_PORT, SERVICE_UNAVAILABLE, UNAVAILABLE, retryAfter());
            return;
        }
        admission.enter(sip.trunk());
        CallFacts facts = facts(sip, line);
        sip.named(facts.callId());
        var caller = new TelephoneCaller(sip, facts, leg, now.shared(), now.languages(sip));
        if (!admission.offer(caller, line, now.services())) {
            caller.dismiss();
            // Counted where the room is, as CallEvent.Rejected.
            LOG.atInfo()
                    .addKeyValue("trunk", sip.trunk())
                    .addKeyValue("reason", "no-room")
                    .log("call refused");
            sip.reject(SERVICE_UNAVAILABLE, UNAVAILABLE, retryAfter());
        }
    }

    private Map<String, String> retryAfter() {
        return Map.of("Retry-After", Integer.toString(admission.retryAfterSeconds()));
    }

    private CallFacts facts(IncomingCall sip, Line line) {
        CallerIdentity caller = sip.caller();
        boolean present = !caller.withheld() && PhoneNumber.E164.matcher(caller.number()).matches();
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
