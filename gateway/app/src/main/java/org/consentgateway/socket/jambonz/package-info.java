/**
 * jambonz' {@code listen} and {@code stream} verbs, of which we play jambonz' side: L16 in binary
 * messages, JSON for the rest. FreeSWITCH's mod_audio_fork and drachtio speak the same.
 */
@NullMarked
package org.consentgateway.socket.jambonz;

import org.jspecify.annotations.NullMarked;
