"""Answers as the mail programs of guests write them, by hand after what these programs send."""

from __future__ import annotations

import base64
from email.message import EmailMessage

WINDOWS_ZONE = """BEGIN:VTIMEZONE
TZID:Korea Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
"""


def outlook(
    ours: str, uid: str, guest: str, *, partstat: str = "ACCEPTED", sequence: int = 0, stamp: str = "20260504T010000Z"
) -> bytes:
    """Outlook with Exchange: MAILTO in capitals, a quoted CN with a comma, a zone of Windows, folds, base64."""
    word = {"ACCEPTED": "수락됨", "DECLINED": "거절함", "TENTATIVE": "미정"}[partstat]
    calendar = f"""BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
{WINDOWS_ZONE}BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN="Kim, Hana (손님)":MAILTO:{guest.upper()}
COMMENT;LANGUAGE=ko-KR:{word} - 늦을 수 있습니다\\n
UID:{uid}
SUMMARY;LANGUAGE=ko-KR:{word}: 예산 협의 회의
DTSTART;TZID=Korea Standard Time:20260508T100000
DTEND;TZID=Korea Standard Time:20260508T110000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{stamp}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=ko-KR:대회의실
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
"""
    content = base64.encodebytes(_folded(calendar)).decode()
    return _crlf(f"""From: =?utf-8?B?6rmA7ZWY64KY?= <{guest}>
To: "=?utf-8?B?7ZWc6rO87J6l?=" <{ours}>
Subject: =?utf-8?B?7IiY65296=
Thread-Topic: =?utf-8?B?7IiY6526?=
Message-ID: <SL2P216MB0001@SL2P216MB0001.KORP216.PROD.OUTLOOK.COM>
In-Reply-To: <letter.city@city.example>
Content-Language: ko-KR
X-MS-Has-Attach:
X-MS-Exchange-Organization-SCL: -1
Content-Type: multipart/alternative; boundary="_000_SL2P216MB0001_"
MIME-Version: 1.0

--_000_SL2P216MB0001_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

64qm7J2EIOyImCDsnojsirXri4jri6QK

--_000_SL2P216MB0001_
Content-Type: text/calendar; charset="utf-8"; method=REPLY
Content-Transfer-Encoding: base64

{content}
--_000_SL2P216MB0001_--
""")


def gmail(
    ours: str, uid: str, guest: str, *, partstat: str = "ACCEPTED", sequence: int = 0, stamp: str = "20260504T010000Z"
) -> bytes:
    """Gmail: sent by Google's calendar, says that it was generated, and has the calendar a second time as a file."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20260508T010000Z
DTEND:20260508T020000Z
DTSTAMP:{stamp}
ORGANIZER;CN=한과장 (한빛시):mailto:{ours}
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Hana
  Kim;X-NUM-GUESTS=0;X-RESPONSE-COMMENT="조금 늦습니다":mailto:{guest}
CREATED:20260504T000000Z
LAST-MODIFIED:{stamp}
LOCATION:대회의실
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:예산 협의 회의
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
    made = EmailMessage()
    made["Reply-To"] = f"Hana Kim <{guest}>"
    made["Sender"] = "Google Calendar <calendar-notification@google.com>"
    made["Auto-Submitted"] = "auto-generated"
    made["Message-ID"] = "<calendar-0a1b2c3d-4e5f@google.com>"
    made["Subject"] = "Accepted: 예산 협의 회의 @ 2026년 5월 8일"
    made["From"] = f"Hana Kim <{guest}>"
    made["To"] = ours
    made.set_content("Hana Kim has accepted this invitation.\n")
    made.add_alternative("<p>Hana Kim has accepted this invitation.</p>", subtype="html")
    folded = _folded(calendar)
    method = {"method": "REPLY"}
    made.add_alternative(folded.decode(), subtype="calendar", charset="utf-8", params=method)
    made.add_attachment(folded, maintype="application", subtype="ics", filename="invite.ics")
    return _crlf(made.as_string())


def thunderbird(
    ours: str, uid: str, guest: str, *, partstat: str = "ACCEPTED", sequence: int = 0, stamp: str = "20260504T010000Z"
) -> bytes:
    """Thunderbird: the user agent's own mail, the calendar in 8 bits, with the stamp of having been received."""
    calendar = f"""BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VTIMEZONE
TZID:Asia/Seoul
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0900
TZOFFSETTO:+0900
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
CREATED:20260504T000000Z
LAST-MODIFIED:{stamp}
DTSTAMP:{stamp}
UID:{uid}
SUMMARY:예산 협의 회의
ORGANIZER;CN="한과장 (한빛시)":mailto:{ours}
ATTENDEE;CN=김하나;PARTSTAT={partstat};RSVP=TRUE:mailto:{guest}
DTSTART;TZID=Asia/Seoul:20260508T100000
DTEND;TZID=Asia/Seoul:20260508T110000
SEQUENCE:{sequence}
X-MOZ-RECEIVED-SEQUENCE:{sequence}
X-MOZ-RECEIVED-DTSTAMP:{stamp}
END:VEVENT
END:VCALENDAR
"""
    return _crlf(f"""Message-ID: <5f0e-4b1d@guest.example>
Date: Mon, 4 May 2026 10:00:00 +0900
MIME-Version: 1.0
User-Agent: Mozilla Thunderbird
To: {ours}
From: =?UTF-8?B?6rmA7ZWY64KY?= <{guest}>
Subject: =?UTF-8?B?7J207Iqk7IiY6529?=
Content-Type: multipart/mixed; boundary="------------Boundary01"

This is a multi-part message in MIME format.
--------------Boundary01
Content-Type: multipart/alternative; boundary="------------Boundary02"

--------------Boundary02
Content-Type: text/plain; charset=UTF-8; format=flowed
Content-Transfer-Encoding: 8bit

김하나 님이 초대를 수락했습니다.

--------------Boundary02
Content-Type: text/calendar; method=REPLY; charset=UTF-8
Content-Transfer-Encoding: 8bit

{_folded(calendar).decode().replace(chr(13), "")}
--------------Boundary02--
--------------Boundary01--
""")


def counter(ours: str, uid: str, guest: str) -> bytes:
    """Outlook's proposal of another time, with its zone of Windows."""
    calendar = f"""BEGIN:VCALENDAR
METHOD:COUNTER
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
{WINDOWS_ZONE}BEGIN:VEVENT
ATTENDEE;PARTSTAT=TENTATIVE;CN=김하나:MAILTO:{guest}
COMMENT:오후가 좋습니다
UID:{uid}
DTSTART;TZID=Korea Standard Time:20260508T150000
DTEND;TZID=Korea Standard Time:20260508T160000
DTSTAMP:20260504T010000Z
SEQUENCE:0
END:VEVENT
END:VCALENDAR
"""
    return plain(ours, guest, calendar, method="COUNTER")


def plain(ours: str, guest: str, calendar: str, *, method: str = "REPLY", headers: str = "") -> bytes:
    """A mail that is a calendar part and nothing else."""
    return _crlf(f"""From: {guest}
To: {ours}
Subject: Re
{headers}MIME-Version: 1.0
Content-Type: text/calendar; charset=UTF-8; method={method}
Content-Transfer-Encoding: base64

{base64.encodebytes(_folded(calendar)).decode()}""")


def reply(
    uid: str,
    guest: str,
    *,
    partstat: str = "ACCEPTED",
    sequence: int = 0,
    stamp: str = "20260504T010000Z",
    more: str = "",
) -> str:
    """The calendar of a plain answer."""
    return f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
METHOD:REPLY
BEGIN:VEVENT
UID:{uid}
DTSTAMP:{stamp}
DTSTART:20260508T010000Z
SEQUENCE:{sequence}
ATTENDEE;PARTSTAT={partstat}:mailto:{guest}
{more}END:VEVENT
END:VCALENDAR
"""


def bounce(ours: str, guest: str, letter: str = "", *, action: str = "failed", whole: bool = True) -> bytes:
    """What a mail server says of a letter that it could not deliver, with the letter itself or its header."""
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    back = f"""--B
Content-Type: {kind}

From: {ours}
X-Oneway-Letter: {letter}

x
"""
    return _crlf(f"""Return-Path: <>
From: MAILER-DAEMON@guest.example
To: {ours}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.guest.example

Final-Recipient: rfc822; {guest}
Action: {action}
Status: 5.1.1

{back if letter else ""}--B--
""")


def _folded(calendar: str) -> bytes:
    """By the octets, as RFC 5545 has it."""
    lines = []
    for line in calendar.strip("\n").split("\n"):
        left = line
        while len(left.encode()) > 70:
            cut = 70
            while len(left[:cut].encode()) > 70:
                cut -= 1
            lines.append(left[:cut])
            left = f" {left[cut:]}"
        lines.append(left)
    return ("\r\n".join(lines) + "\r\n").encode()


def _crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
