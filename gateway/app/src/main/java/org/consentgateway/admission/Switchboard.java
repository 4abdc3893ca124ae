package org.consentgateway.admission;

import org.consentgateway.call.Calls;
import org.consentgateway.call.Line;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.Pseudonymiser;
import org.consentgateway.consent.Subject;
import org.consentgateway.line.TelephoneCaller;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.CallHandler;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.trunk.CallerIdentity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Thread-safe. Where an INVITE finds its line: knows the lines, the limits and who may call what,
 * and hands a caller to the story.
 */
public final class Switchboard implements CallHandler {
    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{1,14}");
    private static final int SERVICE_UNAVAILABLE = 503;

    /** A trunk above its rate need not be sent away for long. */
    private static final int RATE_RETRY_SECONDS = 1;

    /**
     * How many calls may be under way, in all and to one line, and when those above may try again.
     */
    public record Limits(int calls, int callsPerLine, int retryAfterSeconds) {}

    /** A line with the trunks it may be called by; empty: all. */
    public record Extension(Line line, Set<String> trunks) {}

    private final Map<String, Extension> byNumber;
    private final Emergency emergency;
    private final Limits limits;
    private final Pseudonymiser pseudonyms;
    private final TelephoneCaller.Exchange exchange;
    private final Supplier<UUID> ids;
    private final TrunkLoad trunks;
    private final Load load;
    private volatile @Nullable Calls calls;

    public Switchboard(
            List<Extension> extensions,
            Emergency emergency,
            Limits limits,
            Pseudonymiser pseudonyms,
            TelephoneCaller.Exchange exchange,
            TrunkLoad trunks,
            Load load,
            Supplier<UUID> ids) {
        this.byNumber =
                extensions.stream()
                        .flatMap(e -> e.line().numbers().stream().map(n -> Map.entry(n, e)))
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        Map.Entry::getKey, Map.Entry::getValue));
        this.emergency = emergency;
        this.limits = limits;
        this.pseudonyms = pseudonyms;
        this.exchange = exchange;
        this.trunks = trunks;
        this.load = load;
        this.ids = ids;
    }

    /** From now on calls are taken; before, they get 503. */
    public void open(Calls taking) {
        calls = taking;
    }

    @Override
    public CallAdmission door(String trunk) {
        CallAdmission room = room(trunk);
        if (!(room instanceof CallAdmission.Accepted)) {
            return room;
        }
        if (load.shedding()) {
            return full(CallAdmission.Limit.LOAD);
        }
        return trunks.slowEnough(trunk)
                ? room
                : new CallAdmission.Full(CallAdmission.Limit.TRUNK_RATE, RATE_RETRY_SECONDS);
    }

    @Override
    public CallAdmission admit(String trunk, String calledNumber) {
        if (emergency.is(calledNumber)) {
            LOG.warn(
                    "trunk {} sent an emergency call: refused, for the network to route it"
                            + " elsewhere",
                    trunk);
            return new CallAdmission.Emergency();
        }
        Optional<Line> line = line(trunk, calledNumber);
        if (line.isEmpty()) {
            return new CallAdmission.UnknownLine();
        }
        Calls taking = calls;
        return taking != null && taking.activeOn(line.get()) >= limits.callsPerLine()
                ? full(CallAdmission.Limit.LINE)
                : room(trunk);
    }

    private CallAdmission room(String trunk) {
        Calls taking = calls;
        if (taking == null || taking.draining()) {
            return new CallAdmission.Draining();
        }
        if (taking.active() >= limits.calls()) {
            return full(CallAdmission.Limit.CALLS);
        }
        return trunks.full(trunk) ? full(CallAdmission.Limit.TRUNK) : new CallAdmission.Accepted();
    }

    private CallAdmission full(CallAdmission.Limit limit) {
        return new CallAdmission.Full(limit, limits.retryAfterSeconds());
    }

    @Override
    public boolean takesCalls() {
        Calls taking = calls;
        return taking != null && !taking.draining();
    }

    @Override
    public void call(IncomingCall sip) {
        Line line = line(sip.trunk(), sip.calledNumber()).orElseThrow();
        MediaLeg leg;
        try {
            leg = exchange.media().open();
        } catch (PortsExhaustedException e) {
            LOG.warn(
                    "No RTP port could be opened: a call is refused. Widen media.ports, or see"
                            + " whether this machine still has media.address.");
            refuse(sip);
            return;
        }
        trunks.enter(sip.trunk());
        CallFacts facts = facts(sip, line);
        sip.named(facts.callId());
        var caller = new TelephoneCaller(sip, facts, leg, exchange);
        Calls taking = calls;
        if (taking == null || taking.offer(caller, line) != Calls.Admission.TAKEN) {
            caller.dismiss();
            refuse(sip);
        }
    }

    private void refuse(IncomingCall sip) {
        sip.reject(
                SERVICE_UNAVAILABLE,
                "Service Unavailable",
                Map.of("Retry-After", Integer.toString(limits.retryAfterSeconds())));
    }

    private Optional<Line> line(String trunk, String calledNumber) {
        return Optional.ofNullable(byNumber.get(calledNumber))
                .filter(e -> e.trunks().isEmpty() || e.trunks().contains(trunk))
                .map(Extension::line);
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
