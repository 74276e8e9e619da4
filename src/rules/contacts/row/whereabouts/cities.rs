//! The time zone of a region or a city, in countries that have several.
//!
//! A region is here where nine of ten people in it have one time; elsewhere the city has to tell. A city is here where no other large one
//! of its country has its name. Small ones may have it all the same: where the region is known, only its own cities say otherwise.

use crate::rules::calendar::countries::{same_clocks, zone_of_city};

use super::super::cells::folded;

/// A country, then its regions by code and name: those before each zone have it.
const REGIONS: &str = "\
US CT connecticut DE delaware DC districtofcolumbia washingtondc FL florida GA georgia ME maine MD maryland MA massachusetts NH \
newhampshire \
NJ newjersey NY newyork NC northcarolina OH ohio PA pennsylvania RI rhodeisland SC southcarolina VT vermont VA virginia WV westvirginia \
=America/New_York \
MI michigan =America/Detroit IN indiana =America/Indiana/Indianapolis \
AL alabama AR arkansas IL illinois IA iowa KS kansas LA louisiana MN minnesota MS mississippi MO missouri OK oklahoma TX texas WI \
wisconsin =America/Chicago \
CO colorado MT montana NM newmexico UT utah WY wyoming =America/Denver AZ arizona =America/Phoenix \
CA california NV nevada OR oregon WA washington washingtonstate =America/Los_Angeles AK alaska =America/Anchorage HI hawaii \
=Pacific/Honolulu
CA NL newfoundland newfoundlandandlabrador =America/St_Johns NS novascotia NB newbrunswick PE princeedwardisland =America/Halifax \
QC quebec ON ontario =America/Toronto MB manitoba =America/Winnipeg SK saskatchewan =America/Regina AB alberta NT northwestterritories \
=America/Edmonton \
BC britishcolumbia =America/Vancouver YT yukon =America/Whitehorse
AU NSW newsouthwales ACT australiancapitalterritory =Australia/Sydney VIC victoria =Australia/Melbourne QLD queensland =Australia/Brisbane \
SA southaustralia =Australia/Adelaide WA westernaustralia =Australia/Perth TAS tasmania =Australia/Hobart NT northernterritory \
=Australia/Darwin
BR AC acre =America/Rio_Branco AM amazonas =America/Manaus RO rondonia =America/Porto_Velho RR roraima =America/Boa_Vista MT matogrosso \
=America/Cuiaba \
MS matogrossodosul =America/Campo_Grande AL alagoas AP amapa BA bahia CE ceara DF distritofederal ES espiritosanto GO goias MA maranhao \
MG minasgerais PA para PB paraiba PR parana PE pernambuco PI piaui RJ riodejaneiro RN riograndedonorte RS riograndedosul SC santacatarina \
SP saopaulo SE sergipe TO tocantins =America/Sao_Paulo
MX BCN BC bajacalifornia =America/Tijuana SON sonora =America/Hermosillo BCS bajacaliforniasur SIN sinaloa =America/Mazatlan ROO \
quintanaroo =America/Cancun \
CMX cdmx ciudaddemexico distritofederal MEX estadodemexico mexico JAL jalisco NLE nuevoleon PUE puebla QUE queretaro GUA guanajuato YUC \
yucatan \
VER veracruz AGU aguascalientes SLP sanluispotosi MOR morelos HID hidalgo MIC michoacan OAX oaxaca TAB tabasco CHP chiapas COL colima \
GRO guerrero \
TLA tlaxcala ZAC zacatecas CAM campeche DUR durango =America/Mexico_City
ES CN canarias canaryislands GC laspalmas TF santacruzdetenerife tenerife =Atlantic/Canary MD madrid CT cataluna catalunya catalonia B \
barcelona \
AN andalucia andalusia VC valencia comunidadvalenciana comunitatvalenciana GA galicia PV paisvasco euskadi basquecountry AR aragon AS \
asturias \
CB cantabria CL castillayleon CM castillalamancha EX extremadura IB baleares illesbalears balearicislands MC murcia NC navarra RI \
larioja =Europe/Madrid
PT 20 acores azores =Atlantic/Azores 30 madeira =Atlantic/Madeira 11 lisboa lisbon 13 porto 03 braga 06 coimbra 08 faro 15 setubal \
=Europe/Lisbon
CL MA magallanes =America/Punta_Arenas RM metropolitana santiago VS valparaiso BI biobio =America/Santiago
EC W galapagos =Pacific/Galapagos P pichincha G guayas A azuay =America/Guayaquil
NZ CIT chatham chathamislands =Pacific/Chatham AUK auckland WGN wellington CAN canterbury OTA otago WKO waikato BOP bayofplenty \
=Pacific/Auckland
UA 43 crimea krym =Europe/Simferopol 30 kyiv kiev 32 46 lviv 51 odesa odessa 63 kharkiv 12 dnipropetrovsk =Europe/Kyiv
RU MOW moscow moskva MOS SPE saintpetersburg stpetersburg LEN TA tatarstan NIZ KDA =Europe/Moscow KGD kaliningrad =Europe/Kaliningrad \
SVE sverdlovsk CHE BA PER =Asia/Yekaterinburg NVS novosibirsk =Asia/Novosibirsk KYA krasnoyarsk =Asia/Krasnoyarsk PRI primorsky \
=Asia/Vladivostok
ID JK jakarta JB jawabarat westjava JT jawatengah centraljava JI jawatimur eastjava BT banten YO yogyakarta SU =Asia/Jakarta \
BA bali SN sulawesiselatan =Asia/Makassar PA papua =Asia/Jayapura";

/// The same for cities that the tz database does not name.
const CITIES: &str = "\
US boston philadelphia atlanta miami orlando tampa jacksonville charlotte raleigh durham pittsburgh cleveland cincinnati baltimore \
newark brooklyn \
manhattan newyorkcity nyc buffalo washingtondc hartford stamford richmond knoxville chattanooga lexington =America/New_York \
houston dallas austin sanantonio fortworth plano minneapolis stpaul saintpaul milwaukee stlouis saintlouis memphis nashville neworleans \
omaha \
oklahomacity tulsa siouxfalls fargo bismarck pensacola panamacity evansville =America/Chicago \
saltlakecity albuquerque coloradosprings boulder elpaso rapidcity santafe =America/Denver tucson scottsdale tempe mesa =America/Phoenix \
sanfrancisco sandiego sanjose sacramento oakland seattle bellevue redmond tacoma spokane lasvegas reno paloalto mountainview cupertino \
sunnyvale \
santaclara irvine longbeach coeurdalene =America/Los_Angeles
CA montreal ottawa quebec quebeccity mississauga brampton laval hamilton london kitchener waterloo markham gatineau =America/Toronto \
calgary =America/Edmonton saskatoon =America/Regina victoria burnaby surrey kelowna =America/Vancouver kenora =America/Winnipeg \
fredericton =America/Halifax
AU canberra newcastle wollongong =Australia/Sydney goldcoast cairns townsville =Australia/Brisbane geelong ballarat =Australia/Melbourne \
fremantle =Australia/Perth launceston =Australia/Hobart
BR riodejaneiro belohorizonte brasilia curitiba portoalegre salvador campinas florianopolis goiania =America/Sao_Paulo
MX guadalajara puebla queretaro leon toluca merida cdmx ciudaddemexico =America/Mexico_City mexicali ensenada =America/Tijuana \
culiacan =America/Mazatlan playadelcarmen =America/Cancun
ES barcelona valencia sevilla seville bilbao malaga zaragoza murcia palma vigo alicante =Europe/Madrid \
laspalmas laspalmasdegrancanaria santacruzdetenerife lalaguna arrecife =Atlantic/Canary
PT lisboa porto oporto braga coimbra faro =Europe/Lisbon funchal =Atlantic/Madeira pontadelgada =Atlantic/Azores
RU moskva saintpetersburg stpetersburg sanktpeterburg nizhnynovgorod kazan krasnodar =Europe/Moscow chelyabinsk perm ufa tyumen \
=Asia/Yekaterinburg
ID bandung surabaya medan semarang bogor depok tangerang =Asia/Jakarta denpasar =Asia/Makassar
NZ wellington christchurch hamilton dunedin tauranga =Pacific/Auckland
CL valparaiso concepcion vinadelmar =America/Santiago
EC quito cuenca =America/Guayaquil
UA kiev lviv odesa odessa kharkiv dnipro =Europe/Kyiv";

/// Cities that do not have the time of their region: country, codes and names of the region, then as above.
const ELSEWHERE: &str = "\
US TX texas elpaso =America/Denver
US FL florida pensacola panamacity panamacitybeach destin fortwaltonbeach niceville =America/Chicago
US IN indiana evansville gary hammond merrillville michigancity valparaiso crownpoint =America/Chicago
US MI michigan ironmountain ironwood menominee =America/Chicago
US OR oregon ontario =America/Denver
US KS kansas goodland =America/Denver
CA ON ontario kenora dryden =America/Winnipeg
CA NL newfoundland newfoundlandandlabrador labradorcity happyvalleygoosebay wabush =America/Halifax
CA BC britishcolumbia cranbrook dawsoncreek fortstjohn =America/Edmonton
AU NSW newsouthwales brokenhill =Australia/Adelaide";

/// The zone of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub zone: &'static str,
    /// The best known city of that name is where the clocks are other than in the region.
    pub doubtful: bool,
}

/// The zone of the region where it tells, else of the city; none where neither does.
pub(super) fn zone_at(country: &str, regions: [&str; 3], city: &str) -> Option<Placed> {
    let by_region = regions.iter().filter(|text| !text.is_empty()).find_map(|text| {
        let code = text.trim();
        let code = code.strip_prefix(country).and_then(|rest| rest.strip_prefix('-')).unwrap_or(code);
        of_word(REGIONS, country, &[&code.to_uppercase(), &folded(code)])
    });
    let city = folded(city);
    let by_city = if city.is_empty() {
        None
    } else {
        of_word(CITIES, country, &[&city]).or_else(|| zone_of_city(country, &city))
    };
    let own = regions.iter().find_map(|text| elsewhere(country, text, &city));
    match (own, by_region, by_city) {
        (Some(zone), ..) | (None, None, Some(zone)) => Some(Placed { zone, doubtful: false }),
        (None, Some(zone), other) => {
            Some(Placed { zone, doubtful: other.is_some_and(|other| !same_clocks(zone, other)) })
        }
        (None, None, None) => None,
    }
}

fn elsewhere(country: &str, region: &str, city: &str) -> Option<&'static str> {
    let code = region.trim();
    let code = code.strip_prefix(country).and_then(|rest| rest.strip_prefix('-')).unwrap_or(code);
    let code = folded(code);
    if city.is_empty() || code.is_empty() {
        return None;
    }
    ELSEWHERE.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let here = words.next() == Some(country) && words.clone().take(2).any(|word| word.to_lowercase() == code);
        let zone = words.clone().find_map(|word| word.strip_prefix('='))?;
        (here && words.any(|word| word == city)).then_some(zone)
    })
}

/// The zone behind the first of these words in a line of a table.
fn of_word(table: &'static str, country: &str, words: &[&str]) -> Option<&'static str> {
    let (_, line) = table.lines().filter_map(|line| line.split_once(' ')).find(|(code, _)| *code == country)?;
    let mut found = false;
    for word in line.split_whitespace() {
        match word.strip_prefix('=') {
            Some(zone) if found => return Some(zone),
            Some(_) => {}
            None => found |= words.contains(&word),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::calendar::countries::lists;

    #[test]
    fn regions_and_cities_tell_the_zone() {
        for (country, region, city, zone) in [
            ("US", "CA", "", Some("America/Los_Angeles")),
            ("US", "US-NY", "", Some("America/New_York")),
            ("US", "Texas", "", Some("America/Chicago")),
            ("US", "TX", "El Paso", Some("America/Denver")),
            ("US", "", "San Francisco", Some("America/Los_Angeles")),
            ("US", "", "Chicago", Some("America/Chicago")),
            ("US", "TN", "Knoxville", Some("America/New_York")),
            ("US", "TN", "", None),
            ("US", "EMEA", "Springfield", None),
            ("CA", "ON", "", Some("America/Toronto")),
            ("CA", "British Columbia", "", Some("America/Vancouver")),
            ("AU", "WA", "", Some("Australia/Perth")),
            ("AU", "", "Gold Coast", Some("Australia/Brisbane")),
            ("BR", "Amazonas", "", Some("America/Manaus")),
            ("BR", "", "São Paulo", Some("America/Sao_Paulo")),
            ("ES", "Cataluña", "", Some("Europe/Madrid")),
            ("ES", "", "Las Palmas", Some("Atlantic/Canary")),
            ("PT", "", "Funchal", Some("Atlantic/Madeira")),
            ("MX", "Nuevo León", "", Some("America/Mexico_City")),
            ("DE", "BY", "München", None),
            ("", "CA", "Boston", None),
        ] {
            let found = zone_at(country, [region, "", ""], city);
            assert_eq!(found.map(|placed| placed.zone), zone, "{country} {region} {city}");
            assert!(found.is_none_or(|placed| !placed.doubtful), "{country} {region} {city}");
        }
    }

    #[test]
    fn a_city_does_not_beat_the_region() {
        for (country, region, city, zone, doubtful) in [
            ("US", "CA", "Richmond", "America/Los_Angeles", true),
            ("US", "Kansas", "Manhattan", "America/Chicago", true),
            ("US", "NM", "Las Vegas", "America/Denver", true),
            ("US", "US-CA", "Newark", "America/Los_Angeles", true),
            ("US", "MN", "Monticello", "America/Chicago", true),
            ("US", "VA", "Petersburg", "America/New_York", false),
            ("US", "VA", "Richmond", "America/New_York", false),
            ("US", "MI", "Detroit", "America/Detroit", false),
            ("US", "FL", "Pensacola", "America/Chicago", false),
            ("US", "Florida", "Panama City", "America/Chicago", false),
            ("US", "IN", "Evansville", "America/Chicago", false),
            ("CA", "ON", "London", "America/Toronto", false),
            ("CA", "ON", "Kenora", "America/Winnipeg", false),
            ("AU", "NSW", "Broken Hill", "Australia/Adelaide", false),
            ("AU", "VIC", "Perth", "Australia/Melbourne", true),
        ] {
            let placed = zone_at(country, [region, "", ""], city).unwrap();
            assert_eq!((placed.zone, placed.doubtful), (zone, doubtful), "{country} {region} {city}");
        }
    }

    #[test]
    fn every_zone_is_one_of_its_country() {
        for line in REGIONS.lines().chain(CITIES.lines()).chain(ELSEWHERE.lines()) {
            let (country, words) = line.split_once(' ').unwrap();
            for zone in words.split_whitespace().filter_map(|word| word.strip_prefix('=')) {
                assert!(lists(country, zone), "{country} {zone}");
            }
        }
    }
}
