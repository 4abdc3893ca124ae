/**
 * Commands for those who answer callers: access and erasure, calls to be returned, complaints,
 * holders to be told (Art. 12 to 19 DSGVO).
 */
@NullMarked
package org.consentgateway.cli.subject;

import org.jspecify.annotations.NullMarked;
