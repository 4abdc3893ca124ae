package org.consentgateway.sip.endpoint;

import java.util.List;
import java.util.function.BooleanSupplier;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.message.Request;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.Dialog;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.SessionExpires;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.transport.Writer;
import org.jspecify.annotations.Nullable;

/**
 * What a new INVITE has to pass before it is a call, one question after the other: functions of the
 * {@link Arrival}, of which the first with an objection is answered. Thread-safe.
 */
final class NewCallChecks {
    /** Longest user part of a Request-URI that can be a line. */
    private static final int MAX_CALLED_LENGTH = 64;

    /** RFC 5031 §4.2: asks for help, whatever the number. */
    private static final String EMERGENCY = "urn:service:sos";

    private final DialogTable dialogs;
    private final CallHandler handler;
    private final BooleanSupplier draining;
    private final long minSessionSeconds;
    private final List<Check> checks =
            List.of(
                    this::notMerged,
                    NewCallChecks::requiresOnlyWhatWeHave,
                    NewCallChecks::hasHopsLeft,
                    NewCallChecks::isNoEmergency,
                    NewCallChecks::makesADialog,
                    this::hasABearableSessionInterval,
                    NewCallChecks::hasAnOfferWeCanAnswer,
                    this::isAdmitted);

    /** One question to a new INVITE. */
    interface Check {
        /** Null: no objection. */
        @Nullable Refusal of(Arrival arrival);
    }

    /**
     * @param draining whether no new calls are taken any more
     * @param minSessionSeconds least session interval we accept
     */
    NewCallChecks(
            DialogTable dialogs,
            CallHandler handler,
            BooleanSupplier draining,
            long minSessionSeconds) {
        this.dialogs = dialogs;
        this.handler = handler;
        this.draining = draining;
        this.minSessionSeconds = minSessionSeconds;
    }

    /** The first objection; null: it is a call. */
    @Nullable Refusal of(Arrival arrival) {
        for (Check check : checks) {
            Refusal refusal = check.of(arrival);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    /** RFC 3261 §8.2.2.2: the same request by two ways. */
    private @Nullable Refusal notMerged(Arrival arrival) {
        DialogTable.Taken taken = dialogs.taken(Received.first(arrival.request()));
        return taken == null || taken.branch().equals(Received.branch(arrival.request()))
                ? null
                : Refusal.Answer.of(482, Rejection.MERGED);
    }

    /** RFC 3261 §8.2.2.3. */
    private static @Nullable Refusal requiresOnlyWhatWeHave(Arrival arrival) {
        return extensions(arrival.request());
    }

    /** The same for a request in a dialog. */
    static Refusal.@Nullable Answer extensions(Request request) {
        List<String> unsupported =
                HeaderText.tokens(request, "Require").stream()
                        .filter(tag -> !Writer.SUPPORTED.contains(tag))
                        .toList();
        return unsupported.isEmpty()
                ? null
                : Refusal.Answer.with(
                        420,
                        Rejection.BAD_EXTENSION,
                        "Unsupported",
                        String.join(", ", unsupported));
    }

    /** RFC 3261 §16.3 step 3: we pass calls on, so a loop could go through us (RFC 7332 §5). */
    private static @Nullable Refusal hasHopsLeft(Arrival arrival) {
        MaxForwardsHeader hops =
                (MaxForwardsHeader) arrival.request().getHeader(MaxForwardsHeader.NAME);
        return hops != null && hops.getMaxForwards() == 0
                ? Refusal.Answer.of(483, Rejection.LOOP)
                : null;
    }

    /** RFC 5031 §4.2: no machine may answer a call for help. */
    private static @Nullable Refusal isNoEmergency(Arrival arrival) {
        return isEmergency(arrival.request()) ? new Refusal.Shed(Rejection.EMERGENCY, 0) : null;
    }

    static boolean isEmergency(Request request) {
        return isEmergency(request.getRequestURI().toString());
    }

    static boolean isEmergency(String requestUri) {
        return requestUri.regionMatches(true, 0, EMERGENCY, 0, EMERGENCY.length());
    }

    static boolean mayBeALine(String called) {
        return called.length() <= MAX_CALLED_LENGTH;
    }

    /** RFC 3261 §8.1.1.8: an INVITE has a Contact, and §8.1.1.3: From has a tag. */
    private static @Nullable Refusal makesADialog(Arrival arrival) {
        return Dialog.hasContact(arrival.request()) && arrival.request().getFromTag() != null
                ? null
                : Refusal.Answer.of(400, Rejection.MALFORMED);
    }

    /** RFC 4028 §6. */
    private @Nullable Refusal hasABearableSessionInterval(Arrival arrival) {
        SessionExpires.Asked asked = SessionExpires.Asked.in(arrival.request());
        return asked == null || asked.seconds() >= minSessionSeconds
                ? null
                : Refusal.Answer.with(
                        422,
                        Rejection.SESSION_INTERVAL,
                        SessionExpires.MIN_SE,
                        Long.toString(minSessionSeconds));
    }

    /** RFC 3261 §13.3.1, §21.4.26, §8.2.3. */
    private static @Nullable Refusal hasAnOfferWeCanAnswer(Arrival arrival) {
        return switch (arrival.offered()) {
            case Arrival.Offered.Nothing nothing -> null;
            case Arrival.Offered.Offer offer -> null;
            case Arrival.Offered.NothingInCommon(Negotiation.Refused refused) ->
                    Refusal.Answer.warned(
                            488,
                            "",
                            Rejection.of(refused),
                            new Refusal.Warning(refused.warning(), refused.why()));
            case Arrival.Offered.Malformed(String why) ->
                    Refusal.Answer.warned(
                            400,
                            "Bad Session Description",
                            Rejection.BAD_BODY,
                            new Refusal.Warning(399, why));
            case Arrival.Offered.Foreign foreign ->
                    Refusal.Answer.with(415, Rejection.BAD_BODY, "Accept", "application/sdp");
        };
    }

    /** RFC 3261 §21.4.5 and §21.5.4: whether the line is ours, and whether there is room. */
    private @Nullable Refusal isAdmitted(Arrival arrival) {
        CallAdmission admission =
                draining.getAsBoolean()
                        ? new CallAdmission.Draining()
                        : mayBeALine(arrival.called())
                                ? handler.admit(arrival.trunk().name(), arrival.called())
                                : new CallAdmission.UnknownLine();
        return refusal(admission);
    }

    /** Null: it is let in. */
    static @Nullable Refusal refusal(CallAdmission admission) {
        return switch (admission) {
            case CallAdmission.Accepted accepted -> null;
            case CallAdmission.UnknownLine unknown ->
                    Refusal.Answer.of(404, Rejection.UNKNOWN_LINE);
            case CallAdmission.Emergency emergency -> new Refusal.Shed(Rejection.EMERGENCY, 0);
            case CallAdmission.Full(CallAdmission.Limit limit, int retryAfterSeconds) ->
                    new Refusal.Shed(limit.rejection(), retryAfterSeconds);
            case CallAdmission.Draining drain -> new Refusal.Shed(Rejection.DRAINING, 0);
        };
    }
}
