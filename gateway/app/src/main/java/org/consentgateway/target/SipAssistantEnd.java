package org.consentgateway.target;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.Notified;
import org.consentgateway.call.far.PurposeNews;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.consentgateway.media.MediaLeg;
import org.consentgateway.token.ConsentToken;

/** Thread-safe. An assistant that has answered our INVITE. */
final class SipAssistantEnd extends AssistantEnd implements FarLeg {
    private final SipConnection connection;
    private final Function<DurableGrant, ConsentToken> tokens;

    /**
     * @param tokens for what is granted during the talk
     */
    SipAssistantEnd(SipConnection connection, Function<DurableGrant, ConsentToken> tokens) {
        this.connection = connection;
        this.tokens = tokens;
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
    public void asking(Consumer<Purpose> told) {
        connection.asking(told);
    }

    @Override
    public void told(PurposeNews news) {
        boolean answersIt =
                switch (news) {
                    case PurposeNews.Granted _, PurposeNews.Declined _ -> true;
                    case PurposeNews.AskedNow _, PurposeNews.Ended _ -> false;
                };
        connection.inform(PurposeInfo.of(news, tokens), answersIt);
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
