"""Given names that one person uses for another, in Finnish, Swedish and English. Our own list, from common usage."""

from functools import lru_cache

_GROUPS = """
alexander alex sasha xander sandy alec lex
alexandra alex sandra sasha lexi sandy
elizabeth liz beth betty eliza lizzie betsy libby elisa lisa ellie bess
robert bob rob bobby robbie bert
william bill will billy willie liam
richard dick rick rich ricky richie
james jim jimmy jamie jem
john johnny jack jon jonny
jonathan jon jonny nathan
margaret maggie meg peggy marge margie greta rita peg daisy
katherine kate kathy katie cathy kat kathryn catherine kit kitty katy cate
michael mike mick mickey micky mikey
thomas tom tommy
charles charlie chuck chas charley
edward ed eddie ted ned teddy
joseph joe joey jos
daniel dan danny
david dave davy davey
anthony tony ant
christopher chris kit topher
christine chris chrissy tina christina christy
matthew matt matty
andrew andy drew
steven steve stephen stevie
benjamin ben benny benji
samuel sam sammy
samantha sam sammie
nicholas nick nicky nico
nicole nikki nicky
patrick pat paddy
patricia pat patty trish tricia patsy
peter pete
gregory greg
timothy tim timmy
kenneth ken kenny
ronald ron ronnie
donald don donnie
raymond ray
lawrence larry laurie lawrie
gerald gerry jerry
jeffrey jeff geoff geoffrey
frederick fred freddie freddy
francis frank fran
frances fran fanny
henry harry hank hal
harold harry hal
albert al bert
alfred al alf fred
arthur art
walter walt wally
theodore ted teddy theo
philip phil phillip pip
stanley stan
leonard leo len lenny
vincent vince vinny
zachary zach zack zac
joshua josh
jacob jake
nathaniel nate nathan nat
douglas doug
russell russ
susan sue susie suzy suzanne
deborah deb debbie debra
barbara barb babs barbie
jennifer jen jenny
jessica jess jessie
rebecca becky becca
victoria vicky vicki tori
kimberly kim kimmy
cynthia cindy
pamela pam
dorothy dot dottie dolly
abigail abby gail
amanda mandy
stephanie steph
jacqueline jackie
theresa terry tess tessa teresa
virginia ginny
judith judy
melissa mel missy
eleanor ellie nell nora elle lena
helen nell nellie ellen
emily em emmy
isabella bella izzy isabel isabelle
madeleine maddie maddy madeline madison
olivia liv livvy
sophia sophie sofia
evelyn eve evie
veronica ronnie roni
josephine jo josie
joanna jo joan joanne
gabriel gabe
gabrielle gabby
maximilian max
dominic dom nick
oliver ollie
martin marty
terence terry
eugene gene
clifford cliff
bradley brad
calvin cal
cameron cam
johannes juhani johan juho jussi jukka hannu
antti antero andreas anders
matti matias mattias
mikko mikael micke
pekka petteri petri peter pietari
heikki henrik henrikki
kalle kaarle karl
yrjo jyrki george
kati katariina katja kaisa
anna anni annika annukka anne
maria maija marja mari maarit mia
elina ellu eliisa
johanna hanna jonna
helena leena helka
margareeta marketta reetta
kristina kirsti tiina kirsi stina
birgitta pirkko gitta britta
gustaf gosta gusten
lars lasse
nils nisse
bengt benke
fredrik fredde
stefan steffe
kristoffer kris stoffe
"""
"""A group a line. A name may stand in several: Chris is Christopher's and Christine's, who are not each other's."""

_HEADS: dict[str, set[str]] = {}
for _line in _GROUPS.split("\n"):
    for _name in _line.split():
        _HEADS.setdefault(_name, set()).add(_line.split()[0])


@lru_cache(maxsize=200_000)
def heads(name: str) -> tuple[str, ...]:
    """What a folded given name may be short for, itself included, in order: ``bob`` gives ``bob`` and ``robert``."""
    return tuple(sorted(_HEADS.get(name, set()) | {name}))


@lru_cache(maxsize=500_000)
def akin(a: str, b: str) -> bool:
    """Whether two folded given names can be one person's by nickname."""
    return not set(heads(a)).isdisjoint(heads(b))
