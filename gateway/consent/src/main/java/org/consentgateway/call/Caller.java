package org.consentgateway.call;

import java.util.List;
import java.util.function.Consumer;
import org.consentgateway.call.answer.Announced;
import org.consentgateway.call.answer.AnswerTiming;
import org.consentgateway.call.answer.AnswerWindow;
import org.consentgateway.call.answer.Expecting;
import org.consentgateway.call.answer.Reply;
import org.consentgateway.call.answer.ReplyWindow;
import org.consentgateway.call.answer.Said;
import org.consentgateway.call.answer.Typed;
import org.consentgateway.call.far.AssistantEnd;
import org.consentgateway.call.far.BridgeEnd;
import org.consentgateway.call.far.Dialled;
import org.consentgateway.call.far.Dialling;
import org.consentgateway.call.far.Ending;
import org.consentgateway.call.far.HumanEnd;
import org.consentgateway.call.far.Withdrawals;
import org.consentgateway.call.signal.CallDrained;
import org.consentgateway.call.signal.CallEnded;
import org.consentgateway.call.signal.ConsentWithdrawn;
import org.consentgateway.call.signal.MediaQuality;
import org.consentgateway.call.spoken.Next;
import org.consentgateway.call.spoken.Reminder;
import org.consentgateway.call.spoken.Utterance;
import org.consentgateway.consent.CallFacts;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.consent.PhoneNumber;
import org.consentgateway.consent.Purpose;
import org.consentgateway.consent.journal.DurableGrant;
import org.jspecify.annotations.Nullable;

/**
 * Confined to the call's virtual thread, except {@link #drain}, {@link #ask}, {@link
 * #consentEnded}, {@link #hangUp} and {@link #facts}. What the story may ask of the one who calls.
 * Every verb blocks until it is done, freezes while the caller is on hold, and throws {@link
 * CallEnded} when the caller is gone.
 *
 * <p>Only a yes needs protection. A no, another language and the information count from the first
 * sample of what is announced or asked; a yes only after the question was put.
 *
 * <p>While a consent can end ({@link #watch}), every verb throws {@link ConsentWithdrawn} when the
 * caller withdraws, but for {@link #talk}, which goes on. A withdrawal that came before the end of
 * the call surfaces first: who withdraws and hangs up has withdrawn. A key sequence may begin in
 * one verb and end in the next.
 *
 * <p>Where the call is passed on to somebody else, as far as the trunk says, what flows to an
 * assistant is cut at once, and every verb throws {@link CallEnded}, once, but for {@link #answer},
 * which answers first, and for {@link #awaitHuman} and {@link #talk}, which go on; from then on
 * {@link #facts} have no subject.
 */
public interface Caller {

    CallFacts facts();

    /** ISO 639-1, that the caller's side asks for, the best first; empty where it does not. */
    List<String> languages();

    /** As the caller's side shows it; null where it is withheld, or is none. */
    @Nullable PhoneNumber number();

    /** 180 Ringing. */
    void ring();

    /**
     * Answers; returns when that is acknowledged and audio can be sent. Before, {@link #facts} do
     * not tell that it was answered, and where nobody acknowledges it, they never do.
     */
    void answer();

    /**
     * Whether questions in this language can be answered in words in this call, spoken or typed.
     * Where not, the questions name keys only. To be asked before each of them is worded: what is
     * true then stays true until the caller is connected to somebody.
     */
    boolean hears(String language);

    /**
     * Whether the words that withdraw are heard in a talk in this language, spoken, or typed by a
     * caller who answers so: whoever speaks and only could type would say them to nobody. Where
     * not, nobody is told of them. To be asked before they are told: what is true then stays true
     * to the end of the call.
     */
    boolean hearsWithdrawal(String language);

    /** SHA-256 of the model that hears this language, or the empty string. */
    String model(String language);

    /**
     * From now on, until told otherwise, a withdrawal is watched for in this way; keys pressed
     * since the last question was answered count already.
     */
    void watch(Withdrawals watching);

    /**
     * Protected: cannot be talked over, and keys pressed meanwhile answer nothing; for what comes
     * after a decision. Returns when all was played or it failed; where the caller leaves
     * meanwhile, {@link CallEnded#said} tells how far it came.
     */
    Said say(Utterance utterance);

    /**
     * Half open: what has to be heard and asks nothing, such as the disclosure. It cannot be talked
     * over, and agreeing means nothing; all else that is expected stops it at once, from the first
     * sample on. Driven by {@link AnswerWindow#ofAnnouncement}. {@link Announced#said} and {@link
     * CallEnded#said} tell of the announcement alone.
     *
     * @param before said before it without a gap, in other languages
     */
    Announced announce(
            List<Utterance> before,
            Utterance announcement,
            Expecting expecting,
            AnswerTiming timing);

    /** Open: the caller may answer while it is spoken. Driven by an {@link AnswerWindow}. */
    Reply ask(Utterance question, Expecting expecting, AnswerTiming timing);

    /**
     * Asks for a telephone number by keys. The first key stops what is said; the pound key ends the
     * number, as do some seconds without a key.
     *
     * @param begun what was dialled of it before; then nothing need be said
     */
    Typed type(Utterance prompt, String begun);

    /**
     * Says at once what comes next after a yes, and listens while that yes rests. Driven by {@link
     * ReplyWindow#resting}.
     *
     * @param expecting as for the question that was answered
     * @return the yes where it stands: then what is being said goes on, and the next verb that says
     *     the same goes on with it, while any other takes its place. Otherwise what undid the yes,
     *     and then nothing is said any more
     */
    Reply rest(Reply.Meant yes, Next next, Expecting expecting, AnswerTiming timing);

    /** Takes no time: surfaces what has come up while no verb was under way. */
    void heed();

    /**
     * The same before we hang up. Where a consent can end, whatever the caller has begun to press,
     * say or type is waited for: it may withdraw, and no verb comes any more that would tell of it.
     * Takes no time where nothing was begun.
     */
    void hearOut();

    /**
     * Says this while the assistant is dialled, and then lets the caller hear ringing until it has
     * answered or not; nobody is connected before all was said. Meanwhile a no withdraws, too, by
     * word or by a key that refused in the question asked last (in none: 2 and 0), also a word that
     * is not over when it is answered. What still rings is cancelled before anything is thrown.
     *
     * @param meanwhile without parts where nothing is to be said
     */
    Dialled<AssistantEnd> awaitAssistant(Dialling<AssistantEnd> dialling, Utterance meanwhile);

    /**
     * Says this while the person is dialled, and then lets the caller hear ringing until they have
     * answered or not. What still rings is cancelled before anything is thrown.
     */
    Dialled<HumanEnd> awaitHuman(Dialling<HumanEnd> dialling, Utterance meanwhile);

    /**
     * Opens the gate: caller and assistant hear each other until one of them ends it. The gate
     * takes only a grant of this very call.
     *
     * @param reminder said to both of them from time to time; null: nothing is
     */
    BridgeEnd converse(AssistantEnd assistant, DurableGrant grant, @Nullable Reminder reminder);

    /**
     * Caller and human hear each other until one of them ends it.
     *
     * @param withdrawn told when the caller withdraws meanwhile; they go on talking
     */
    BridgeEnd talk(HumanEnd human, Consumer<ConsentWithdrawn> withdrawn);

    /** BYE, or a final refusal where not answered. May be called twice; never throws. */
    void hangUp(Ending why);

    /** How its media went; to be asked when it is hung up. */
    MediaQuality quality();

    /**
     * Thread-safe. Asks the verb under way, or the next one, to throw {@link CallDrained}, once.
     */
    void drain();

    /**
     * Thread-safe. Another system asks for one more purpose in the assistant's name: a talk with
     * one ends with {@link BridgeEnd.Asked}.
     *
     * @return whether there is such a talk
     */
    boolean ask(Purpose purpose);

    /**
     * Thread-safe. The consent of this call has ended outside it: what goes to the assistant is cut
     * at once, and {@link #awaitAssistant} or {@link #converse}, under way or next, ends with it.
     */
    void consentEnded(EndOfConsent.How how);
}
