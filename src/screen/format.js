// Numbers, shares and times as the page writes them. Times are the server's, in Asia/Shanghai.

import { language, t } from './words.js';

const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');
const ZONE = { timeZone: 'Asia/Shanghai' };

export const count = (number) => Number(number).toLocaleString('en-US').replaceAll(',', '\u202f');

/** Both parts of a figure; nothing of nothing has no share. */
export const parts = ({ numerator, denominator }) =>
    t('of_parts', { numerator: count(numerator), denominator: count(denominator) });

export const percent = (figure) =>
    figure?.percent === null || figure?.percent === undefined ? '—' : `${figure.percent}%`;

/** Hundredths as a number with two decimal places. */
export const hundredths = (number) => `${Math.floor(number / 100)}.${String(number % 100).padStart(2, '0')}`;

export const timeOfDay = (millis, seconds = true) =>
    new Intl.DateTimeFormat('en-GB', {
        ...ZONE,
        hour: '2-digit',
        minute: '2-digit',
        ...(seconds && { second: '2-digit' }),
    }).format(millis);

export const dayOf = (millis) =>
    new Intl.DateTimeFormat(locale(), {
        ...ZONE,
        year: 'numeric',
        month: 'long',
        day: 'numeric',
        weekday: 'short',
    }).format(millis);

const pad = (number) => String(number).padStart(2, '0');

/** What is left until a moment, or how long it has passed: `1:29:05`, `2 天 03:12`. */
export function span(millis) {
    const seconds = Math.floor(Math.abs(millis) / 1000);
    const [days, hours] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24];
    const [minutes, rest] = [Math.floor(seconds / 60) % 60, seconds % 60];
    if (days > 0) return t('days', { n: days, time: `${pad(hours)}:${pad(minutes)}` });
    return `${hours}:${pad(minutes)}:${pad(rest)}`;
}

const dayAndTime = new Intl.DateTimeFormat('en-GB', {
    ...ZONE,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
});

/** How long ago; what is older than a day by its date. */
export function since(millis, now) {
    const minutes = Math.max(0, Math.floor((now - millis) / 60000));
    if (minutes < 1) return t('just_now');
    if (minutes < 60) return t('minutes_ago', { n: minutes });
    if (minutes < 24 * 60) return t('hours_ago', { n: Math.floor(minutes / 60) });
    const { month, day, hour, minute } = Object.fromEntries(
        dayAndTime.formatToParts(millis).map((part) => [part.type, part.value]),
    );
    return `${month}-${day} ${hour}:${minute}`;
}

/** 同德巷 for 同德巷社区居委会: what fits on a map. */
export const shortName = (name) => name.replace(/(社区)?(居民委员会|居委会)$|社区$|街道$/, '') || name;
