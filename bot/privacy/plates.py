"""Licence plates: German ones by district, Austrian and Swiss ones where the text calls them so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.privacy.findings import Kind, before, foreign, found
from bot.privacy.identifiers import alone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.privacy.findings import Finding

# Source: the list of district codes under § 9 FZV, with the codes that districts have taken up again since 2012.
DISTRICTS = frozenset(
    """
    A AA AB ABG ABI AC AE AH AIB AIC AK ALF ALZ AM AN ANA ANG ANK AP APD ARN ART AS ASL ASZ AT AU AUR AW AZ AZE AÖ
    B BA BAD BAR BB BBG BBL BC BCH BD BE BED BER BF BGD BGL BH BI BID BIN BIR BIT BIW BK BKS BL BLB BLK BM BN BNA BO BOG
    BOH BOR BOT BP BRA BRB BRG BRK BRL BRV BS BSB BSK BT BTF BUL BW BWL BYL BZ BÖ BÜD BÜR BÜS BÜZ
    C CA CAS CB CE CHA CLP CLZ CO COC COE CR CUX CW
    D DA DAH DAN DAU DB DBR DD DE DEG DEL DGF DH DI DIL DIN DIZ DKB DL DLG DM DN DO DON DU DUD DW DZ DÜW
    E EA EB EBE EBN EBS ECK ED EE EF EG EH EI EIC EIL EIN EIS EL EM EMD EMS EN ER ERB ERH ERK ERZ ES ESB ESW EU EW
    F FB FD FDB FDS FEU FF FFB FG FI FKB FL FLÖ FN FO FOR FR FRG FRI FRW FS FT FTL FÜ FÜS FZ
    G GA GAN GAP GC GD GDB GE GEL GEM GEO GER GF GG GHA GHC GI GK GL GLA GM GMN GN GNT GOA GOH GP GR GRA GRH GRI GRM GRS GRZ
    GS GT GTH GUB GUN GV GVM GW GZ GÖ GÜ
    H HA HAB HAL HAM HAS HB HBN HBS HC HCH HD HDH HDL HE HEB HEF HEI HEL HER HET HF HG HGN HGW HH HHM HI HIG HIP HK HL HM
    HMÜ HN HO HOG HOH HOL HOM HOR HOT HP HR HRO HS HSK HST HU HUS HV HVL HWI HX HY HZ HÖS HÜN
    IGB IK IL ILL IN IZ J JE JL JÜL
    K KA KAR KB KC KE KEH KEL KEM KF KG KH KI KIB KK KL KLE KLZ KM KN KO KR KRU KS KT KU KUS KW KY KYF KÖN KÖT KÖZ KÜN
    L LA LAN LAU LB LBS LBZ LC LD LDK LDS LEO LER LEV LF LG LH LI LIB LIF LIN LIP LL LM LN LOS LP LR LRO LSA LSN LSZ LU LUK
    LUP LWL LÖ LÖB LÖN LÜN
    M MA MAB MAI MAK MAL MAR MB MC MD ME MED MEG MEI MEK MEL MER MES MET MG MGH MGN MH MHL MI MIL MK MKK ML MM MN MO MOD MOL
    MON MOS MQ MR MS MSE MSH MSP MST MT MTK MTL MVL MW MY MYK MZ MZG MÜ MÜB MÜL MÜN MÜR
    N NAB NAI NAU NB ND NDH NE NEA NEB NEC NEN NES NEU NEW NF NH NI NK NL NM NMB NMS NOH NOL NOM NOR NP NR NRW NT NU NVP NW
    NWM NY NZ NÖ
    OA OAL OB OBB OBG OC OCH OD OE OF OG OH OHA OHV OHZ OK OL OP OPR OR OS OSL OTW OVI OVL OVP OZ ÖHR
    P PA PAF PAN PAR PB PCH PE PEG PF PI PIR PL PLÖ PM PN PR PRÜ PS PW PZ QFT QLB
    R RA RC RD RDG RE REG REH REI RG RH RI RID RIE RL RM RN RO ROD ROF ROH ROK ROL ROS ROT ROW RP RPL RS RSL RT RU RV RW RZ
    RÜD RÜG
    S SAB SAD SAL SAN SAW SB SBG SBK SC SCZ SDH SDL SDT SE SEB SEE SEF SEL SFB SFT SG SGH SH SHA SHG SHK SHL SI SIG SIM SK
    SL SLE SLF SLG SLK SLN SLS SLZ SLÜ SM SMÜ SN SO SOB SOG SOK SON SP SPB SPN SR SRB SRO ST STA STB STD STE STH STL STO SU
    SUL SW SWA SY SZ SZB SÄK SÖM SÜW
    TBB TDO TE TET TF TG THL THW TIR TO TP TR TS TT TUT TÖL TÜ
    UE UEM UFF UH UL UM UN USI V VAI VB VEC VER VG VIB VIE VIT VK VL VOH VR VS
    W WA WAF WAK WAN WAR WAT WB WBS WD WDA WE WEB WEG WEL WEM WEN WER WES WF WG WHV WI WIL WIS WIT WIZ WK WL WLG WM WMS WN
    WND WO WOB WOH WOL WOR WOS WR WRN WS WSF WST WSW WT WTL WTM WUG WUN WUR WW WZ WZL WÜ WÜM
    X Y Z ZE ZEL ZI ZIG ZP ZR ZS ZW ZZ
    """.split()
)
_GERMAN = re.compile(
    r"[A-ZÄÖÜa-zäöü](?<![\w-].)[A-ZÄÖÜa-zäöü]{0,2}(?:([- ])|[ ]?-[ ]?)[A-Za-z]{1,2}([- ]?)[1-9]\d{0,3}[EHeh]?(?![\w/]|[.:-]\d)"
)
_PARTS = re.compile(r"([^\W\d_]+)[- ]+([A-Za-z]+)[- ]?(\d+)")
# Pairs of letters that are words or abbreviations far more often than somebody's initials.
_WORDS = frozenset(
    "AG AI AM CD DS EG EM EN EU GB HD ID IN IP IS IT KI MB MS OF ON OR OS PC PS QM SG TO TV UM USB VO WM".split()
)
_NO_DISTRICT = frozenset(
    {"DIN", "EN", "AB", "AN", "AM", "AS", "AT", "DE", "EU", "ER", "ES", "IN", "SO", "BE", "DO", "ME"}
)
_named = re.compile(
    r"kennzeichen|nummernschild|kontrollschild|(?<![^\W_])(?:kfz|pkw|lkw|\w{0,10}fahrzeug|\w{0,10}wagen|auto|car|van|vehicle|truck|plates?"
    r"|registration|registered)(?![^\W_])"
).search
# § 48 KFG with Anlage 5d KDV for Austria; Art. 84 VZV for the cantons.
NEIGHBOURS = frozenset(
    """
    AM B BA BB BC BD BG BH BK BL BM BN BP BR BZ DL DO E EF EU FB FE FF FK FR FV FW G GB GD GF GM GR GS GU HA HB HE HF HL HO I IL IM
    JE JO JU JW K KB KF KG KI KK KL KO KR KS KU L LA LB LE LF LI LL LN LZ MA MD ME MI MU MW MZ N ND NK OP OW P PE PL PT RA RE RI RO
    S SB SD SE SK SL SO SP SR ST SV SW SZ T TA TD TK TU UU V VB VD VI VK VL VO W WB WE WK WL WN WO WT WU WY WZ ZE ZT ZW
    AG AI AR BE BS GE GL LU NE NW SG SH TG TI UR VS ZG ZH
    """.split()
)
_AUSTRIAN_OR_SWISS = re.compile(
    r"[A-Z](?<!\w.)[A-Z]?[- ](?:\d{1,5}[ -]?[A-Z]{1,3}|\d{1,3}[ ·.']?\d{3}|\d{1,6})(?![\w/]|[.:-]\d)"
)


def plates(text: str) -> Iterator[Finding]:
    """Find licence plates. In small letters a German one counts where it stands alone on its line or is named."""
    for match in _GERMAN.finditer(text):
        if _is_german(text, match):
            yield found(Kind.PLATE, match.start(), match.end())
    for match in _AUSTRIAN_OR_SWISS.finditer(text):
        if match[0][:2].rstrip("- ") in NEIGHBOURS and _named(before(text, match.start())):
            yield found(Kind.PLATE, match.start(), match.end())


def _is_german(text: str, match: re.Match[str]) -> bool:
    parts = _PARTS.match(match[0].upper())
    if not parts or parts[1] not in DISTRICTS:
        return False
    letters = match[0].rstrip("eEhH")
    if not (letters.isupper() or letters.islower()) or ("-" not in letters and letters.count(" ") == 1):
        return False
    telling = letters.isupper() and _is_telling(match[0], parts)
    if telling or alone(text, match.start(), match.end()):
        return not foreign(before(text, match.start()))
    return _named(before(text, match.start())) is not None


def _is_telling(plate: str, parts: re.Match[str]) -> bool:
    """Say whether capitals and digits can hardly be anything else than a plate."""
    if "-" in plate:
        return parts[2] not in _WORDS and parts[1] != "DIN"
    year = parts[3][:2] in {"19", "20"} and len(parts[3]) == len("2026")
    short = len(parts[2] + parts[3]) <= len("X1")
    return not (year or short or parts[2] in _WORDS or parts[1] in _NO_DISTRICT)
