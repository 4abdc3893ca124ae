/**
 * OpenAI's models, of which we are the client: the Realtime API and GPT-Live, for companies that
 * have a key and no bot.
 *
 * <p>Decisions. <b>What was not heard is taken back from the model</b>: when the caller speaks into
 * an answer, the rest of it is dropped here, and Realtime is told how much of it was really sent to
 * the caller; GPT-Live stops by itself. <b>Sound travels as A-law both ways</b>, which both take.
 * <b>Keys are told in words</b>, since neither takes them on a socket.
 */
@NullMarked
package org.consentgateway.socket.openai;

import org.jspecify.annotations.NullMarked;
