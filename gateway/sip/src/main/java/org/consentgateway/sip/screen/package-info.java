/**
 * What is decided about a message before it is parsed, as pure functions over octets: its few lines
 * that routing and refusing need, a stateless answer, and limits on how fast calls may come.
 */
@NullMarked
package org.consentgateway.sip.screen;

import org.jspecify.annotations.NullMarked;
