package org.consentgateway.target;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.media.MediaLeg;

/** Thread-safe. An assistant that has answered our INVITE. */
final class SipAssistantEnd extends AssistantEnd implements FarLeg {
    private final SipConnection connection;
    private final Function<PurposeNews, PurposeReport> reports;

    /**
     * @param reports what it is told of one purpose, with a token for what holds then
     * @param silent run where its media ends before it does; then it is lost
     */
    SipAssistantEnd(
            SipConnection connection,
            Function<PurposeNews, PurposeReport> reports,
            Runnable silent) {
        this.connection = connection;
        this.reports = reports;
        connection.endsWithItsMedia(silent);
    }

    @Override
    public MediaLeg leg() {
        return connection.leg();
    }

    @Override
    public CompletionStage<End> ended() {
        return connection.ended();
    }

    @Override
    public void asking(Runnable told) {
        connection.requests().asking(told);
    }

    @Override
    public Optional<Purpose> takeRequest() {
        return connection.requests().take();
    }

    @Override
    public void told(PurposeNews news) {
        connection.requests().told(news);
        connection.inform(PurposeInfo.of(reports.apply(news)));
    }

    @Override
    public boolean over() {
        return ended().toCompletableFuture().isDone();
    }

    @Override
    public void referred(boolean reached) {
        connection.referred(reached);
    }

    @Override
    public CompletionStage<Notified> consentEnded(EndOfConsent end) {
        return connection.consentEnded(end);
    }

    @Override
    public void hangUp(Ending why) {
        connection.hangUp(why);
    }
}
